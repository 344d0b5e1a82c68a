import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHours, isHoursProblem, parseHours, type WeeklyHours } from './hours-text.ts';

const plain = (line: string) => {
  const result = parseHours(line);
  return isHoursProblem(result)
    ? result.problem
    : [...result]
        .map(([day, times]) => `${day}:${times.map(({ opens, closes }) => `${opens / 60}-${closes / 60}`).join('+')}`)
        .join(' ');
};

const anyDay = fc
  .uniqueArray(fc.integer({ min: 0, max: 1_440 }), { minLength: 2, maxLength: 6 })
  .map((times) => times.toSorted((a, b) => a - b))
  .map((times) =>
    times.flatMap((opens, index) =>
      index % 2 === 0 && times[index + 1] !== undefined ? [{ opens, closes: times[index + 1] ?? 0 }] : [],
    ),
  );
const anyWeek: fc.Arbitrary<WeeklyHours> = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 7 }), anyDay), {
    selector: ([day]) => day,
    minLength: 1,
    maxLength: 7,
  })
  .map((days) => new Map(days.toSorted(([a], [b]) => a - b)));

describe('the line with weekly hours', () => {
  test('is read in both languages', () => {
    const week = '1:9-18 2:9-18 3:9-18 4:9-18 5:9-18 6:10-14';
    expect(plain('Mon-Fri 9:00-18:00, Sat 10-14')).toBe(week);
    expect(plain('Пн-Пт 9:00-18:00, Сб 10-14')).toBe(week);
    expect(plain('Понедельник – пятница: 9.00–18.00; суббота: 10-14')).toBe(week);
    expect(plain('с понедельника по пятницу с 9 до 18, в субботу 10-14')).toBe('unreadable');
    expect(plain('с понедельника по пятницу с 9 до 18, суббота с 10 до 14')).toBe(week);
    expect(plain('Mon to Fri from 9 to 18 and Sat from 10 till 14')).toBe(week);
    expect(plain('понедельник – пятница 9.00–18.00; суббота 10-14')).toBe(week);
    expect(plain('Monday - Friday 9 - 18\nSaturday 10 - 14')).toBe(week);
  });

  test('takes several intervals a day, lists of days, every day and closed days', () => {
    expect(plain('Mon, Wed 9-13, 14-18')).toBe('1:9-13+14-18 3:9-13+14-18');
    expect(plain('Пн 9-13 и 14-18')).toBe('1:9-13+14-18');
    expect(plain('daily 10-20')).toBe('1:10-20 2:10-20 3:10-20 4:10-20 5:10-20 6:10-20 7:10-20');
    expect(plain('Fri-Mon 0-24')).toBe('1:0-24 5:0-24 6:0-24 7:0-24');
    expect(plain('Пн 9-18, Вс выходной')).toBe('1:9-18');
    expect(plain('Пн круглосуточно')).toBe('1:0-24');
  });

  test('names what is wrong', () => {
    expect(plain('')).toBe('empty');
    expect(plain('whenever')).toBe('unreadable');
    expect(plain('Mon')).toBe('unreadable');
    expect(plain('Mon 9')).toBe('unreadable');
    expect(plain('Mon 9-25')).toBe('unreadable');
    expect(plain('Mon 18-9')).toBe('backwards');
    expect(plain('Mon 9-13, 12-18')).toBe('overlap');
    expect(plain('Mon 9-13; Mon 12-18')).toBe('overlap');
    expect(plain('🙂')).toBe('unreadable');
  });

  test('survives writing and reading again in both languages', () => {
    fc.assert(
      fc.property(anyWeek, fc.constantFrom('en' as const, 'ru' as const), (week, locale) => {
        expect(parseHours(formatHours(week, locale))).toEqual(week);
      }),
    );
  });

  test('never throws, whatever was typed', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (line) => void parseHours(line)));
  });
});
