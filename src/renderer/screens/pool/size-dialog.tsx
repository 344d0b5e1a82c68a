/** How many bots there are to be: asked in a small dialog, done with a way back. */
import { Button, Group, Modal, NumberInput, Stack, Text } from '@mantine/core';
import { IconArrowsDiagonal } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand';
import { perform } from '../../app/actions.ts';
import { useConnection, useMayOperate } from '../../client/context.tsx';
import { useSay } from '../../i18n/i18n.ts';
import { poolStore } from '../../stores/stores.ts';

/** See the file. */
export function SizeButton() {
  const say = useSay();
  const mayOperate = useMayOperate();
  const known = useStore(poolStore, (state) => state.at !== null);
  const [open, setOpen] = useState(false);
  if (!mayOperate || !known) return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconArrowsDiagonal size={17} aria-hidden />}
        onClick={() => setOpen(true)}
      >
        {say('scale-open')}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={say('scale-title')}
        closeButtonProps={{ 'aria-label': say('action-close') }}
      >
        <SizeForm onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function SizeForm({ onClose }: { readonly onClose: () => void }) {
  const say = useSay();
  const { client } = useConnection();
  const [before] = useState(() => poolStore.getState().counts.total);
  const [typed, setTyped] = useState<number | string>(before);
  const wanted = Number(typed);
  const ready = typed !== '' && Number.isInteger(wanted) && wanted !== before;
  const scale = (bots: number, undo?: () => void): void =>
    void perform({
      doing: say('scale-doing', { bots }),
      done: ({ total, started, removed }) =>
        say('scale-done', { total, started: started.length, removed: removed.length }),
      run: () => client.pool.scale({ bots }),
      ...(undo === undefined ? {} : { undo }),
    });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!ready) return;
    onClose();
    scale(wanted, () => scale(before));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <NumberInput
          label={say('scale-bots')}
          value={typed}
          onChange={setTyped}
          min={0}
          max={5_000}
          allowDecimal={false}
          data-autofocus
        />
        <Text size="sm" c="dimmed">
          {say(wanted < before ? 'scale-fewer' : 'scale-more')}
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say('action-cancel')}
          </Button>
          <Button type="submit" disabled={!ready}>
            {say('scale-do')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
