/** The simulated Telegram as a chat: be anybody, talk to any bot, and break things. */
import { IconBroadcastOff } from '@tabler/icons-react';
import { useState } from 'react';
import { setQuery, usePlace } from '../../app/router.ts';
import { useAsk } from '../../client/context.tsx';
import { Screen } from '../../components/screen.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { ChatPane } from './chat-pane.tsx';
import { Faults } from './faults.tsx';
import { People } from './people.tsx';
import classes from './sandbox.module.css';

/** See the file. */
export function Main() {
  const say = useSay();
  const { value: info, error, reload } = useAsk('sandbox', (client) => client.sandbox.info());
  return (
    <Screen fill title={say('nav-sandbox')} sub={info?.url ? say('sandbox-sub', { url: info.url }) : undefined}>
      {error !== undefined && info === undefined ? (
        <Failure error={error} onRetry={reload} />
      ) : info === undefined ? (
        <Loading rows={8} />
      ) : info.url === null ? (
        <Empty
          icon={<IconBroadcastOff size={40} stroke={1.4} aria-hidden />}
          title={say('sandbox-off')}
          text={say('sandbox-off-text')}
        />
      ) : (
        <World />
      )}
    </Screen>
  );
}

function World() {
  const { query } = usePlace();
  const people = useAsk('people', (client) => client.sandbox.people());
  const bots = useAsk('sandbox bots', (client) => client.sandbox.bots());
  const [pane, setPane] = useState<'people' | 'chat'>('people');
  if (people.error !== undefined && people.value === undefined) {
    return <Failure error={people.error} onRetry={people.reload} />;
  }
  if (people.value === undefined || bots.value === undefined) return <Loading rows={8} />;
  const person = people.value.find(({ id }) => String(id) === query['person']) ?? people.value.at(-1);
  const bot = bots.value.find(({ id, username }) => username === query['bot'] || String(id) === query['bot']);
  return (
    <div className={classes['world']} data-pane={pane}>
      <People
        people={people.value}
        bots={bots.value}
        person={person}
        bot={bot}
        onPerson={(id) => setQuery({ person: String(id) })}
        onBot={(username) => {
          setQuery({ bot: username });
          setPane('chat');
        }}
        onChanged={() => {
          people.reload();
          bots.reload();
        }}
      />
      <ChatPane key={`${person?.id} ${bot?.id}`} person={person} bot={bot} onBack={() => setPane('people')} />
      <Faults />
    </div>
  );
}
