/** Puts everything around the screens: look, texts, link, toasts. */
import { Center, Loader, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { Connection } from '../client/connection.ts';
import { ConnectionProvider, useLink } from '../client/context.tsx';
import { useSay } from '../i18n/i18n.ts';
import { cssVariables, theme } from '../theme/theme.ts';
import { Shell } from './shell.tsx';
import { type Entrance, EntranceProvider, SignInAgain, SignInPage } from './sign-in.tsx';

/** Everything. */
export function App({ connection, entrance }: { readonly connection: Connection; readonly entrance: Entrance }) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} zIndex={400} />
      <ConnectionProvider connection={connection}>
        <EntranceProvider entrance={entrance}>
          <Inside />
        </EntranceProvider>
      </ConnectionProvider>
    </MantineProvider>
  );
}

function Inside() {
  const phase = useLink((state) => (state.generation > 0 ? 'known' : state.phase));
  if (phase === 'signed-out') return <SignInPage />;
  if (phase === 'connecting') return <Connecting />;
  return (
    <>
      <Shell />
      <SignInAgain />
    </>
  );
}

function Connecting() {
  const say = useSay();
  const attempts = useLink((state) => state.attempts);
  return (
    <Center h="100dvh" style={{ flexDirection: 'column', gap: 16, padding: 16, textAlign: 'center' }} role="status">
      <Loader aria-hidden />
      <span>{attempts === 0 ? say('link-connecting') : say('link-unreachable')}</span>
    </Center>
  );
}
