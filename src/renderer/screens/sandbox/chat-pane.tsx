/** One chat, as a phone shows it. */
import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconArrowLeft, IconDots, IconMessageCircle, IconSend2 } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { BotView, ChatView, PersonView } from '#shared/schemas/sandbox.ts';
import { perform } from '../../app/actions.ts';
import { useConnection, useFollow, useMayOperate } from '../../client/context.tsx';
import { displayName } from '../../components/display-name.ts';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { Avatar } from './avatar.tsx';
import { Bubble } from './bubble.tsx';
import classes from './sandbox.module.css';
import type { Who } from './who.ts';

/** See the file. */
export function ChatPane(props: {
  readonly person: PersonView | undefined;
  readonly bot: BotView | undefined;
  readonly onBack: () => void;
}) {
  const { person, bot, onBack } = props;
  const say = useSay();
  if (person === undefined || bot === undefined) {
    return (
      <section className={classes['chat']} aria-label={say('sandbox-chat')}>
        <Empty
          icon={<IconMessageCircle size={40} stroke={1.4} aria-hidden />}
          title={say(person === undefined ? 'sandbox-need-person' : 'sandbox-need-bot')}
        />
      </section>
    );
  }
  return <Chat person={person} bot={bot} onBack={onBack} />;
}

function Chat({
  person,
  bot,
  onBack,
}: {
  readonly person: PersonView;
  readonly bot: BotView;
  readonly onBack: () => void;
}) {
  const say = useSay();
  const who = { botId: bot.id, personId: person.id };
  const { value: chat, error } = useFollow(`chat ${bot.id} ${person.id}`, (client, signal) =>
    client.sandbox.chat(who, { signal }),
  );
  return (
    <section className={classes['chat']} aria-label={say('sandbox-chat')}>
      <ChatHead bot={bot} chat={chat} who={who} onBack={onBack} />
      {chat === undefined ? (
        error === undefined ? (
          <Loading rows={6} />
        ) : (
          <Failure error={error} />
        )
      ) : (
        <Messages chat={chat} who={who} />
      )}
      {chat === undefined ? null : <Composer chat={chat} who={who} />}
    </section>
  );
}

function ChatHead(props: {
  readonly bot: BotView;
  readonly chat: ChatView | undefined;
  readonly who: Who;
  readonly onBack: () => void;
}) {
  const { bot, chat, who, onBack } = props;
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const send = (kind: 'photo' | 'voice' | 'document'): void => {
    client.sandbox.send({ ...who, kind }).catch(tell);
  };
  return (
    <header className={classes['chatHead']}>
      <ActionIcon
        className={classes['back'] ?? ''}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={say('sandbox-chats')}
        onClick={onBack}
      >
        <IconArrowLeft size={18} aria-hidden />
      </ActionIcon>
      <Avatar name={bot.name} id={bot.id} />
      <span className={classes['botNames']}>
        <bdi>{displayName(bot.name, 60)}</bdi>
        <small>{chat?.action === undefined ? `@${bot.username}` : say('sandbox-typing')}</small>
      </span>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            disabled={!mayOperate}
            aria-label={say('sandbox-chat-menu')}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => send('photo')}>{say('sandbox-send-photo')}</Menu.Item>
          <Menu.Item onClick={() => send('voice')}>{say('sandbox-send-voice')}</Menu.Item>
          <Menu.Item onClick={() => send('document')}>{say('sandbox-send-document')}</Menu.Item>
          <Menu.Divider />
          <Menu.Item
            onClick={() => void client.sandbox.block({ ...who, blocked: !(chat?.blocked ?? false) }).catch(tell)}
          >
            {say(chat?.blocked === true ? 'sandbox-unblock' : 'sandbox-block')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}

/** A refusal of the simulated world, as a toast. */
function tell(error: unknown): void {
  void perform({ doing: '', done: '', run: () => Promise.reject(error) });
}

function Messages({ chat, who }: { readonly chat: ChatView; readonly who: Who }) {
  const say = useSay();
  const box = useRef<HTMLDivElement>(null);
  const count = chat.messages.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the chat moves to its end
  useEffect(() => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  }, [chat.revision, count]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <div ref={box} className={classes['messages']} tabIndex={0} role="log" aria-label={say('sandbox-messages')}>
      {count === 0 ? (
        <p className={classes['hello']}>{chat.bot.description || say('sandbox-no-messages')}</p>
      ) : (
        chat.messages.map((message) => <Bubble key={message.id} message={message} who={who} onFailure={tell} />)
      )}
    </div>
  );
}

function Composer({ chat, who }: { readonly chat: ChatView; readonly who: Who }) {
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const [text, setText] = useState('');
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const words = text.trim();
    if (words === '') return;
    setText('');
    await client.sandbox.say({ ...who, text: words }).catch((error: unknown) => {
      setText(words);
      tell(error);
    });
  };
  if (!chat.started) {
    return (
      <div className={classes['composer']}>
        <Button fullWidth disabled={!mayOperate} onClick={() => void client.sandbox.start(who).catch(tell)}>
          {say('sandbox-start')}
        </Button>
      </div>
    );
  }
  return (
    <div className={classes['foot']}>
      {chat.replyKeyboard === undefined ? null : (
        <div className={classes['keys']}>
          {chat.replyKeyboard.map((row) => (
            <div key={row.map((key) => key.text).join('\n')} className={classes['keyRow']}>
              {row.map((key) => (
                <button
                  key={key.text}
                  type="button"
                  className={classes['key']}
                  disabled={!mayOperate}
                  onClick={() => void client.sandbox.pressKey({ ...who, text: key.text }).catch(tell)}
                >
                  {key.text}
                </button>
              ))}
            </div>
          ))}
        </div>
      )}
      <form className={classes['composer']} onSubmit={(event) => void submit(event)}>
        {chat.commands.length === 0 ? null : (
          <Menu position="top-start">
            <Menu.Target>
              <Button variant="light" px={12} aria-label={say('sandbox-commands')}>
                /
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {chat.commands.map(({ command, description }) => (
                <Menu.Item
                  key={command}
                  onClick={() => void client.sandbox.say({ ...who, text: `/${command}` }).catch(tell)}
                >
                  <b>/{command}</b> {description}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        <TextInput
          style={{ flex: 1 }}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder={say('sandbox-write')}
          aria-label={say('sandbox-write')}
          maxLength={4096}
          autoComplete="off"
          disabled={!mayOperate || chat.blocked}
        />
        <ActionIcon type="submit" size={36} radius="md" aria-label={say('sandbox-send')} disabled={text.trim() === ''}>
          <IconSend2 size={18} aria-hidden />
        </ActionIcon>
      </form>
    </div>
  );
}
