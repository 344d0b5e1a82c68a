/** The simulated BotFather, as people and manager bots meet it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { anna, call, chat, client, setUp, shop } from './sandbox-world.ts';

describe('BotFather', () => {
  beforeEach(() => setUp());

  it('makes a bot, gives its token, and takes it back', async () => {
    const father = client.chat('BotFather', anna.id);
    const says = async (text: string): Promise<string> => {
      await father.say(text);
      return (await father.waitFor())?.text ?? '';
    };
    expect(await says('/newbot')).toMatch(/^Alright, a new bot/);
    expect(await says('Nails')).toMatch(/^Good. Now let's choose a username/);
    expect(await says('nails')).toBe("Sorry, the username must end in 'bot'. E.g. 'Tetris_bot' or 'Tetrisbot'");
    expect(await says('SHOP_bot')).toBe('Sorry, this username is already taken. Please try something different.');
    const done = await says('nails_bot');
    expect(done).toMatch(/^Done! Congratulations on your new bot/);
    const token = /\d+:[\w-]{35}/.exec(done)?.[0] ?? '';
    expect((await call('getMe', undefined, token)).result).toMatchObject({
      username: 'nails_bot',
      first_name: 'Nails',
    });
    await says('/revoke');
    const renewed = /\d+:[\w-]{35}/.exec(await says('@nails_bot'))?.[0] ?? '';
    expect((await call('getMe', undefined, token)).status).toBe(401);
    expect((await call('getMe', undefined, renewed)).status).toBe(200);
    await says('/deletebot');
    await says('@nails_bot');
    expect(await says('Yes, I am totally sure.')).toBe('Done! The bot is gone. /help');
    expect((await call('getMe', undefined, renewed)).status).toBe(401);
  });

  it('refuses the 21st bot', async () => {
    const father = client.chat('BotFather', anna.id);
    for (let index = 2; index <= 20; index += 1)
      await client.createBot({ ownerId: anna.id, name: 'B', username: `b${index}_test_bot` });
    await father.say('/newbot');
    expect((await father.waitFor())?.text).toMatch(/^That I cannot do/);
  });

  it('lets a manager bot have bots made for it', async () => {
    await chat.start();
    await client.patchBot(shop.id, { canManageBots: true });
    const input = { personId: anna.id, link: 'https://t.me/newbot/shop_bot/anna_nails_bot?name=Anna%20Nails' };
    const made = await client.confirmManagedBot(input);
    expect(made).toMatchObject({
      username: 'anna_nails_bot',
      name: 'Anna Nails',
      ownerId: anna.id,
      managerId: shop.id,
    });
    const { result } = await call('getUpdates');
    expect(result).toMatchObject([
      {},
      { message: { managed_bot_created: { bot: { id: made.id } } } },
      { managed_bot: { user: { id: anna.id }, bot: { id: made.id } } },
    ]);
    const token = String((await call('getManagedBotToken', { user_id: made.id })).result);
    expect((await call('getMe', undefined, token)).status).toBe(200);
    await call('replaceManagedBotToken', { user_id: made.id });
    expect((await call('getMe', undefined, token)).status).toBe(401);
    await expect(client.confirmManagedBot(input)).rejects.toMatchObject({ code: 'USERNAME_OCCUPIED' });
  });
});
