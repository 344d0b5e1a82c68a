/** Where nobody is signed in: over what is there, so that nothing typed is lost, or alone at the beginning. */
import { Alert, Button, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { type ComponentType, createContext, type FormEvent, type ReactNode, use, useState } from 'react';
import { useConnection, useLink } from '../client/context.tsx';
import { errorText } from '../client/error-text.ts';
import { asFailure } from '../client/failure.ts';
import { signIn } from '../client/session.ts';
import { type Say, useSay } from '../i18n/i18n.ts';
import icon from './icon.svg';
import classes from './shell.module.css';

/** How people get in and out here. */
export interface Entrance {
  readonly form: ComponentType;
  /** What the page is called that has nothing but the form. */
  readonly title?: (say: Say) => string;
  readonly signOut: (csrf: string) => Promise<void>;
}

const EntranceContext = createContext<Entrance | null>(null);

/** Makes the entrance known below. */
export function EntranceProvider({ entrance, children }: { entrance: Entrance; children: ReactNode }) {
  return <EntranceContext value={entrance}>{children}</EntranceContext>;
}

/** The entrance. */
export function useEntrance(): Entrance {
  const entrance = use(EntranceContext);
  if (entrance === null) throw new Error('no entrance above this component');
  return entrance;
}

/** The whole page. */
export function SignInPage() {
  const say = useSay();
  const { form: Form, title } = useEntrance();
  return (
    <main className={classes['signin']}>
      <div className={classes['signinCard']}>
        <img src={icon} alt="" width={44} height={44} />
        <h1 style={{ margin: 0, fontSize: '1.5rem', letterSpacing: '-0.03em' }}>
          {title?.(say) ?? say('sign-in-title')}
        </h1>
        <Form />
      </div>
    </main>
  );
}

/** The same over a screen whose session has ended. */
export function SignInAgain() {
  const say = useSay();
  const signedOut = useLink((state) => state.phase === 'signed-out');
  const { form: Form } = useEntrance();
  return (
    <Modal opened={signedOut} onClose={() => undefined} withCloseButton={false} title={say('sign-in-again')}>
      <Stack gap="sm">
        <Text size="sm">{say('sign-in-again-text')}</Text>
        <Form />
      </Stack>
    </Modal>
  );
}

/** Name and password. `problem`: why the link that was opened did not sign in. */
export function SignInForm({ problem }: { readonly problem: string | undefined }) {
  const say = useSay();
  const connection = useConnection();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(problem);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await signIn(name, password);
      setPassword('');
      setFailed(undefined);
      connection.retry();
    } catch (error) {
      setFailed(await errorText(asFailure(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        {failed === undefined ? null : (
          <Alert color="red" variant="light" role="alert">
            {failed}
          </Alert>
        )}
        <TextInput
          label={say('sign-in-name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          autoComplete="username"
          required
          withAsterisk={false}
        />
        <PasswordInput
          label={say('sign-in-password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': say('sign-in-show') }}
        />
        <Button type="submit" loading={busy}>
          {say('sign-in-do')}
        </Button>
        <Text size="sm" c="dimmed">
          {say('sign-in-link-hint')} <code>npx botpool panel</code>
        </Text>
      </Stack>
    </form>
  );
}
