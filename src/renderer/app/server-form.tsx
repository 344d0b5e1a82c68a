/** Where the desktop window finds no control plane: how to start one here, or which server to connect to. */
import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useConnection } from '../client/context.tsx';
import type { DesktopLink } from '../client/desktop-link.ts';
import { useSay } from '../i18n/i18n.ts';

/** A host that has been started since is found by itself. */
const LOOK_MS = 2_000;

/** Makes the form over a link. */
export function serverForm(link: DesktopLink) {
  return function ServerForm() {
    const say = useSay();
    const connection = useConnection();
    const [url, setUrl] = useState('');
    const [token, setToken] = useState('');
    const [busy, setBusy] = useState(false);
    const [told, setTold] = useState<string>();
    useEffect(() => {
      // Not while somebody is typing: the answer would take the form away.
      const timer = setInterval(() => url === '' && token === '' && connection.retry(), LOOK_MS);
      return () => clearInterval(timer);
    }, [connection, url, token]);
    const submit = async (event: FormEvent): Promise<void> => {
      event.preventDefault();
      setBusy(true);
      try {
        const answer = await link.name({ url, token });
        if (answer.type === 'server-failed') return setTold(say(`server-failed-${answer.why}`));
        setTold(answer.kept ? undefined : say('server-not-kept'));
        setToken('');
        connection.retry();
      } catch {
        setTold(say('server-failed-unreachable'));
      } finally {
        setBusy(false);
      }
    };
    return (
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="sm">
          <Text size="sm">
            {say('server-none-here')} <code>npx botpool up</code>
          </Text>
          {told === undefined ? null : (
            <Alert color="red" variant="light" role="alert">
              {told}
            </Alert>
          )}
          <TextInput
            label={say('server-url')}
            placeholder="https://botpool.example.com"
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            required
            withAsterisk={false}
          />
          <PasswordInput
            label={say('server-token')}
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            required
            withAsterisk={false}
            visibilityToggleButtonProps={{ 'aria-label': say('sign-in-show') }}
          />
          <Button type="submit" loading={busy}>
            {say('server-connect')}
          </Button>
          <Text size="sm" c="dimmed">
            {say('server-token-hint')} <code>npx botpool tokens add</code>
          </Text>
        </Stack>
      </form>
    );
  };
}
