/** Asks before something is lost: says what, and has its name typed. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useSay } from '../i18n/i18n.ts';

/** What is asked. `name` has to be typed; undefined: a plain question. */
export interface Question {
  readonly title: string;
  readonly lost: ReactNode;
  readonly name?: string;
  readonly confirm: string;
  readonly onConfirm: () => void;
}

/** The dialog; nothing when there is no question. */
export function ConfirmDialog({
  question,
  onClose,
}: {
  readonly question: Question | null;
  readonly onClose: () => void;
}) {
  const say = useSay();
  return (
    <Modal
      opened={question !== null}
      onClose={onClose}
      title={question?.title ?? ''}
      closeButtonProps={{ 'aria-label': say('action-close') }}
    >
      {question === null ? null : <ConfirmForm question={question} onClose={onClose} />}
    </Modal>
  );
}

function ConfirmForm({ question, onClose }: { readonly question: Question; readonly onClose: () => void }) {
  const say = useSay();
  const [typed, setTyped] = useState('');
  const { name } = question;
  const ready = name === undefined || typed.trim() === name;
  const confirm = (): void => {
    if (!ready) return;
    onClose();
    question.onConfirm();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        confirm();
      }}
    >
      <Stack gap="md">
        <Text size="sm" component="div">
          {question.lost}
        </Text>
        {name === undefined ? null : (
          <TextInput
            label={say('confirm-type', { name })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say('action-cancel')}
          </Button>
          <Button type="submit" color={name === undefined ? 'lagoon' : 'red.8'} disabled={!ready}>
            {question.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
