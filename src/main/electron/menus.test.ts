import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { type MenuFacts, programMenu, trayMenu } from './menus.ts';

const FACTS: MenuFacts = { locale: 'en', platform: 'linux', isPackaged: true, keepsInTray: false };
const nothing = (): void => undefined;
const ACTIONS = { show: nothing, quit: nothing, keepInTray: nothing };

function items(menu: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return menu.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);
}

function labels(facts: Partial<MenuFacts>): string[] {
  return items(programMenu({ ...FACTS, ...facts }, ACTIONS))
    .filter(({ type }) => type !== 'separator')
    .map(({ label, role }) => label ?? `no text for ${role}`);
}

describe('the menu of the program', () => {
  it('has a text for every entry, in both languages', () => {
    expect(labels({ platform: 'darwin', isPackaged: false }).filter((label) => label.startsWith('no text'))).toEqual(
      [],
    );
    expect(labels({ locale: 'en' })).toContain('Copy');
    const russian = labels({ locale: 'ru', platform: 'darwin', isPackaged: false });
    expect(russian).toContain('Копировать');
    expect(russian.filter((label) => !/[а-я]/i.test(label))).toEqual(['Botpool']);
  });

  it('leads to developer tools only where the program is developed', () => {
    const roles = (isPackaged: boolean) =>
      items(programMenu({ ...FACTS, isPackaged }, ACTIONS)).map(({ role }) => role);
    expect(roles(false)).toContain('toggleDevTools');
    expect(roles(true)).not.toContain('toggleDevTools');
  });

  it('tells whether a closed window stays in the tray', () => {
    const entry = (keepsInTray: boolean) =>
      items(programMenu({ ...FACTS, keepsInTray }, ACTIONS)).find(({ type }) => type === 'checkbox');
    expect(entry(true)?.checked).toBe(true);
    expect(entry(false)?.checked).toBe(false);
  });
});

describe('the menu of the tray', () => {
  it('begins with how the pool is, opens the checks, and ends the program', () => {
    const done: string[] = [];
    const menu = trayMenu(undefined, 'en', {
      show: (route) => done.push(`show ${route ?? ''}`),
      quit: () => done.push('quit'),
      keepInTray: nothing,
    });
    expect(menu[0]).toMatchObject({ label: 'Botpool does not answer', enabled: false });
    for (const { click } of menu) (click as (() => void) | undefined)?.();
    expect(done).toEqual(['show ', 'show #/checks', 'quit']);
  });
});
