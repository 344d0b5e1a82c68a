import { describe, expect, it } from 'vitest';
import { placesOf } from './places.ts';

describe('where the program keeps its things', () => {
  it('is the installation in the home folder when none is named', () => {
    const expected = { home: '/home/o/.botpool', userData: '/home/o/.config/Botpool' };
    expect(placesOf(undefined, '/home/o', '/home/o/.config')).toEqual(expected);
    expect(placesOf('', '/home/o', '/home/o/.config')).toEqual(expected);
  });

  it('is another folder for every installation that is named, and the same one each time', () => {
    const first = placesOf('/srv/a', '/home/o', '/c');
    expect(first.home).toBe('/srv/a');
    expect(first.userData).toMatch(/^\/c\/Botpool-[0-9a-f]{8}$/);
    expect(placesOf('/srv/a/', '/home/o', '/c')).toEqual(first);
    expect(placesOf('/srv/b', '/home/o', '/c').userData).not.toBe(first.userData);
  });
});
