/** The end of an activation: how fast it was, and the way to the bot as a link and as a picture for a phone. */
import { Button, CopyButton, Group, Stack } from '@mantine/core';
import { IconCheck, IconCopy, IconMessage, IconPlus } from '@tabler/icons-react';
import type { ActivationAnswer } from '#shared/api/activations.ts';
import { hrefOf } from '../../app/router.ts';
import { QrCode } from '../../components/qr-code.tsx';
import { Waterfall } from '../../components/waterfall.tsx';
import { duration } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';

/** See the file. */
export function ActivationResult(props: {
  readonly answer: ActivationAnswer;
  readonly sandbox: boolean;
  readonly onAgain: () => void;
}) {
  const { answer, sandbox, onAgain } = props;
  const say = useSay();
  const locale = useLocale();
  const link = answer.botUsername === undefined ? undefined : `https://t.me/${answer.botUsername}`;
  return (
    <Stack gap="md">
      <p style={{ margin: 0, fontSize: '1.05rem', fontWeight: 620 }} role="status">
        {answer.alreadyActive
          ? say('activate-already', { client: answer.clientId, container: answer.container })
          : say('activate-done', {
              client: answer.clientId,
              container: answer.container,
              time: duration(answer.durationMs, locale),
            })}
      </p>
      <Waterfall stages={answer.stages} />
      {link === undefined ? null : (
        <Group gap="lg" align="center" wrap="wrap">
          <QrCode text={link} label={say('activate-qr', { link })} />
          <Stack gap="xs" style={{ minWidth: 0 }}>
            <code style={{ overflowWrap: 'anywhere' }}>{link}</code>
            <Group gap="xs">
              <CopyButton value={link}>
                {({ copied, copy }) => (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={copy}
                    leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
                  >
                    {say(copied ? 'action-copied' : 'action-copy')}
                  </Button>
                )}
              </CopyButton>
              {sandbox ? (
                <Button
                  size="xs"
                  component="a"
                  href={hrefOf('sandbox', { bot: answer.botUsername ?? '' })}
                  leftSection={<IconMessage size={15} aria-hidden />}
                >
                  {say('activate-talk')}
                </Button>
              ) : null}
              <Button size="xs" variant="default" component="a" href={hrefOf(`clients/${answer.clientId}`)}>
                {say('client-open')}
              </Button>
            </Group>
          </Stack>
        </Group>
      )}
      <Group>
        <Button variant="light" size="sm" onClick={onAgain} leftSection={<IconPlus size={16} aria-hidden />}>
          {say('activate-next')}
        </Button>
      </Group>
    </Stack>
  );
}
