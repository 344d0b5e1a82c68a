/** Where a token is typed: what Telegram says of it stands below. */
import { Loader, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useErrorText } from '../../client/error-text.ts';
import { useSay } from '../../i18n/i18n.ts';
import type { TokenCheck } from './use-token-check.ts';

/** See the file. */
export function TokenField(props: {
  readonly token: string;
  readonly check: TokenCheck;
  readonly onChange: (token: string) => void;
}) {
  const { token, check, onChange } = props;
  const say = useSay();
  const refused = useErrorText(check.state === 'refused' ? check.error : undefined);
  const taken = check.state === 'known' && check.takenBy !== null;
  const words =
    check.state === 'known'
      ? `${say('activate-token-is', { username: check.username, name: check.name })}${taken ? ` ${say('activate-token-taken', { client: check.takenBy ?? '' })}` : ''}`
      : say(check.state === 'checking' ? 'activate-token-checking' : 'activate-token-hint');
  return (
    <TextInput
      label={say('activate-token')}
      description={<span aria-live="polite">{words}</span>}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      error={check.state === 'refused' ? refused : undefined}
      rightSection={
        check.state === 'checking' ? (
          <Loader size={16} aria-hidden />
        ) : check.state === 'known' ? (
          <IconCheck size={18} aria-hidden style={{ color: 'var(--good-ink)' }} />
        ) : null
      }
      value={token}
      onChange={(event) => onChange(event.currentTarget.value)}
      placeholder="123456789:AAF…"
      autoComplete="off"
      spellCheck={false}
      required
      withAsterisk={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.86rem' } }}
    />
  );
}
