/** What stands in a toast: a sentence, and what one can do next. */
import { Anchor, Group, Stack, Text } from '@mantine/core';

/** A button in a toast: does something, or leads somewhere. */
export interface ToastButton {
  readonly label: string;
  readonly onClick?: () => void;
  readonly href?: string;
}

/** See the file. */
export function ToastBody(props: {
  readonly text: string;
  readonly buttons: readonly ToastButton[];
  readonly onUsed: () => void;
}) {
  const { text, buttons, onUsed } = props;
  return (
    <Stack gap={4}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {text}
      </Text>
      {buttons.length === 0 ? null : (
        <Group gap="md">
          {buttons.map(({ label, onClick, href }) => {
            const act = (): void => {
              onUsed();
              onClick?.();
            };
            return href === undefined ? (
              <Anchor key={label} component="button" type="button" size="sm" fw={600} onClick={act}>
                {label}
              </Anchor>
            ) : (
              <Anchor key={label} href={href} size="sm" fw={600} onClick={act}>
                {label}
              </Anchor>
            );
          })}
        </Group>
      )}
    </Stack>
  );
}
