/** One message: its text as it is formatted, what hangs on it, and its buttons. */
import { notifications } from '@mantine/notifications';
import { IconCreditCard, IconExternalLink, IconFile, IconMapPin, IconMicrophone, IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import type { ChatMessage } from '#shared/schemas/sandbox.ts';
import { useConnection, useMayOperate } from '../../client/context.tsx';
import { clockTime } from '../../i18n/format.ts';
import { useLocale, useSay } from '../../i18n/i18n.ts';
import { entitiesOf, type Piece, piecesOf, safeUrl } from './entities.ts';
import classes from './sandbox.module.css';
import type { Who } from './who.ts';

/** See the file. */
export function Bubble(props: {
  readonly message: ChatMessage;
  readonly who: Who;
  readonly onFailure: (error: unknown) => void;
}) {
  const { message, who, onFailure } = props;
  const locale = useLocale();
  return (
    <div className={classes['bubbleRow']} data-from={message.from}>
      <div className={classes['bubble']}>
        <Attachment message={message} who={who} onFailure={onFailure} />
        {message.text === '' ? null : (
          <div className={classes['text']} dir="auto">
            {piecesOf(message.text, entitiesOf(message.raw)).map((piece, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name
              <PieceView key={index} piece={piece} />
            ))}
          </div>
        )}
        <span className={classes['meta']}>{clockTime(message.date * 1000, locale)}</span>
      </div>
      {message.buttons.length === 0 ? null : <Buttons message={message} who={who} onFailure={onFailure} />}
    </div>
  );
}

function PieceView({ piece }: { readonly piece: Piece }) {
  const { text, marks, href } = piece;
  const has = (mark: string): boolean => marks.includes(mark);
  const style = {
    ...(has('bold') ? { fontWeight: 650 } : {}),
    ...(has('italic') ? { fontStyle: 'italic' } : {}),
    ...(has('underline') ? { textDecoration: 'underline' } : {}),
    ...(has('strikethrough') ? { textDecoration: 'line-through' } : {}),
    ...(has('code') || has('pre') ? { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.9em' } : {}),
  };
  if (href !== undefined) {
    return (
      <a href={href} target="_blank" rel="noopener noreferrer" style={style}>
        {text}
      </a>
    );
  }
  return <span style={style}>{text}</span>;
}

const KINDS = [
  { field: 'photo', icon: IconPhoto },
  { field: 'voice', icon: IconMicrophone },
  { field: 'document', icon: IconFile },
  { field: 'location', icon: IconMapPin },
] as const;

function Attachment({ message, who, onFailure }: Parameters<typeof Bubble>[0]) {
  const say = useSay();
  const { client } = useConnection();
  if (message.raw['invoice'] !== undefined) {
    return (
      <button
        type="button"
        className={classes['attachment']}
        onClick={() => void client.sandbox.pay({ ...who, messageId: message.id }).catch(onFailure)}
      >
        <IconCreditCard size={18} aria-hidden /> {say('sandbox-pay-invoice')}
      </button>
    );
  }
  const kind = KINDS.find(({ field }) => message.raw[field] !== undefined);
  if (kind === undefined) return null;
  return (
    <span className={classes['attachment']}>
      <kind.icon size={18} aria-hidden /> {say(`sandbox-kind-${kind.field}`)}
    </span>
  );
}

function Buttons({ message, who, onFailure }: Parameters<typeof Bubble>[0]) {
  const { client } = useConnection();
  const say = useSay();
  const mayOperate = useMayOperate();
  const [busy, setBusy] = useState<string>();
  const press = async (name: string, data: string): Promise<void> => {
    setBusy(name);
    try {
      const { answer } = await client.sandbox.press({ ...who, messageId: message.id, data });
      if (answer?.text)
        notifications.show({
          message: answer.text,
          color: 'lagoon',
          closeButtonProps: { 'aria-label': say('action-close') },
        });
      const url = answer?.url === undefined ? undefined : safeUrl(answer.url);
      if (url !== undefined) window.open(url, '_blank', 'noopener');
    } catch (error) {
      onFailure(error);
    } finally {
      setBusy(undefined);
    }
  };
  return (
    <div className={classes['inline']}>
      {message.buttons.map((row, y) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name
        <div key={y} className={classes['keyRow']}>
          {row.map((button, x) => {
            const name = `${y}.${x}`;
            const url = button.url === undefined ? undefined : safeUrl(button.url);
            return url !== undefined ? (
              <a key={name} className={classes['inlineKey']} href={url} target="_blank" rel="noopener noreferrer">
                {button.text} <IconExternalLink size={13} aria-hidden />
              </a>
            ) : (
              <button
                key={name}
                type="button"
                className={classes['inlineKey']}
                disabled={!mayOperate || button.data === undefined || busy === name}
                onClick={() => void press(name, button.data ?? '')}
              >
                {button.text}
              </button>
            );
          })}
        </div>
      ))}
    </div>
  );
}
