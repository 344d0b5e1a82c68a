/** Who one is, and whom one can talk to. */
import { Button, Group, Popover, Select, Stack, TextInput } from '@mantine/core';
import { IconRobot, IconUserPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { BotView, PersonView } from '#shared/schemas/sandbox.ts';
import { perform } from '../../app/actions.ts';
import { hrefOf } from '../../app/router.ts';
import { useConnection, useMayOperate } from '../../client/context.tsx';
import { displayName } from '../../components/display-name.ts';
import { Empty } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { Avatar } from './avatar.tsx';
import classes from './sandbox.module.css';

/** See the file. */
export function People(props: {
  readonly people: readonly PersonView[];
  readonly bots: readonly BotView[];
  readonly person: PersonView | undefined;
  readonly bot: BotView | undefined;
  readonly onPerson: (id: number) => void;
  readonly onBot: (username: string) => void;
  readonly onChanged: () => void;
}) {
  const { people, bots, person, bot, onPerson, onBot, onChanged } = props;
  const say = useSay();
  return (
    <section className={classes['side']} aria-label={say('sandbox-chats')}>
      <div className={classes['sideHead']}>
        <Select
          label={say('sandbox-iam')}
          placeholder={say('sandbox-nobody')}
          data={people.map(({ id, name, lastName }) => ({
            value: String(id),
            label: displayName([name, lastName].filter(Boolean).join(' '), 40),
          }))}
          value={person === undefined ? null : String(person.id)}
          onChange={(value) => value !== null && onPerson(Number(value))}
          allowDeselect={false}
          searchable={people.length > 8}
          style={{ flex: 1, minWidth: 0 }}
        />
        <NewPerson
          onMade={(id) => {
            onChanged();
            onPerson(id);
          }}
        />
      </div>
      {bots.length === 0 ? (
        <Empty
          icon={<IconRobot size={36} stroke={1.4} aria-hidden />}
          title={say('sandbox-no-bots')}
          action={
            <Button component="a" href={hrefOf('activate')} variant="light" size="xs">
              {say('nav-activate')}
            </Button>
          }
        />
      ) : (
        <ul className={classes['bots']}>
          {bots.map(({ id, name, username, pendingUpdates }) => (
            <li key={id}>
              <button
                type="button"
                className={classes['botRow']}
                aria-pressed={bot?.id === id}
                onClick={() => onBot(username)}
              >
                <Avatar name={name} id={id} />
                <span className={classes['botNames']}>
                  <bdi>{displayName(name, 40)}</bdi>
                  <small>@{username}</small>
                </span>
                {pendingUpdates > 0 ? (
                  <span className={classes['pending']} title={say('sandbox-pending', { count: pendingUpdates })}>
                    {pendingUpdates}
                  </span>
                ) : null}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function NewPerson({ onMade }: { readonly onMade: (id: number) => void }) {
  const say = useSay();
  const { client } = useConnection();
  const mayOperate = useMayOperate();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const [language, setLanguage] = useState('ru');
  const make = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const person = await perform({
      doing: say('sandbox-person-making'),
      done: say('sandbox-person-made', { name }),
      run: () => client.sandbox.addPerson({ name: name.trim(), languageCode: language }),
    });
    if (person === undefined) return;
    setName('');
    setOpened(false);
    onMade(person.id);
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus position="bottom-end" width={260} shadow="md">
      <Popover.Target>
        <Button
          variant="default"
          px={10}
          disabled={!mayOperate}
          aria-label={say('sandbox-person-new')}
          title={say('sandbox-person-new')}
          onClick={() => setOpened(!opened)}
        >
          <IconUserPlus size={18} aria-hidden />
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={(event) => void make(event)}>
          <Stack gap="sm">
            <TextInput
              label={say('sandbox-person-name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={64}
              required
              withAsterisk={false}
            />
            <Select
              label={say('sandbox-person-language')}
              data={[
                { value: 'ru', label: 'Русский' },
                { value: 'en', label: 'English' },
              ]}
              value={language}
              onChange={(value) => setLanguage(value ?? 'ru')}
              allowDeselect={false}
              comboboxProps={{ withinPortal: false }}
            />
            <Group justify="flex-end">
              <Button type="submit" size="xs">
                {say('sandbox-person-add')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
