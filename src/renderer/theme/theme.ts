/** The panel's look as Mantine needs it: one brand colour (deep water), one type family, calm radii. */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const lagoon: MantineColorsTuple = [
  '#e2f5f3',
  '#c9ebe7',
  '#9bd8d1',
  '#69c4ba',
  '#43b4a8',
  '#2ba79b',
  '#16918a',
  '#0b7a75',
  '#0b6f6a',
  '#085a56',
];

const ink: MantineColorsTuple = [
  '#e4eeed',
  '#c3d1d0',
  '#a9bab9',
  '#8fa2a1',
  '#4d6062',
  '#34474b',
  '#233134',
  '#162124',
  '#121b1d',
  '#0c1314',
];

/** See the file. */
export const theme = createTheme({
  primaryColor: 'lagoon',
  primaryShade: { light: 8, dark: 7 },
  colors: { lagoon, dark: ink },
  fontFamily: "'Onest Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', Menlo, 'DejaVu Sans Mono', monospace",
  headings: { fontFamily: "'Onest Variable', system-ui, sans-serif", fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
    Modal: {
      defaultProps: { centered: true, radius: 'lg' },
      styles: { title: { fontWeight: 650, lineHeight: 1.35 } },
    },
  },
});

/** Mantine's own variables follow the tokens of `tokens.css`. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': 'var(--card)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-2)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--bad-ink)',
  },
  dark: {
    '--mantine-color-body': 'var(--card)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-2)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-default': 'var(--card-2)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-error': 'var(--bad-ink)',
  },
});
