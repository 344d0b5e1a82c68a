/** Owns what an owner can take over with one press when the bot is new: hours, and services by trade. Pure. */
import type { WeeklyHours } from './hours-text.ts';
import type { DayInterval } from './open-hours.ts';

/** Hours of a week. The order is part of buttons. */
export const WEEK_PRESETS: readonly WeeklyHours[] = [week(5, 9, 18), week(6, 10, 19), week(7, 10, 20), week(7, 9, 21)];

/** A service as it is usual in a trade; the price is a beginning, in roubles. */
export interface UsualService {
  readonly ru: string;
  readonly en: string;
  readonly minutes: number;
  readonly price: number;
}

/** The trades, and what is usual in each. The orders are part of buttons. */
export const TRADES: readonly {
  readonly name: 'barber' | 'nails' | 'massage';
  readonly services: readonly UsualService[];
}[] = [
  {
    name: 'barber',
    services: [
      { ru: 'Мужская стрижка', en: 'Haircut', minutes: 45, price: 1_500 },
      { ru: 'Стрижка бороды', en: 'Beard trim', minutes: 30, price: 900 },
      { ru: 'Стрижка и борода', en: 'Haircut and beard', minutes: 75, price: 2_200 },
      { ru: 'Детская стрижка', en: 'Children’s haircut', minutes: 30, price: 1_000 },
    ],
  },
  {
    name: 'nails',
    services: [
      { ru: 'Маникюр с покрытием', en: 'Manicure with gel polish', minutes: 90, price: 2_000 },
      { ru: 'Маникюр без покрытия', en: 'Manicure', minutes: 60, price: 1_200 },
      { ru: 'Педикюр с покрытием', en: 'Pedicure with gel polish', minutes: 120, price: 2_800 },
      { ru: 'Снятие покрытия', en: 'Gel removal', minutes: 30, price: 500 },
    ],
  },
  {
    name: 'massage',
    services: [
      { ru: 'Классический массаж', en: 'Classic massage', minutes: 60, price: 2_500 },
      { ru: 'Массаж спины', en: 'Back massage', minutes: 30, price: 1_500 },
      { ru: 'Лимфодренажный массаж', en: 'Lymphatic massage', minutes: 60, price: 3_000 },
      { ru: 'Массаж лица', en: 'Face massage', minutes: 45, price: 2_000 },
    ],
  },
];

function week(days: number, opens: number, closes: number): WeeklyHours {
  return new Map(Array.from({ length: days }, (_, index) => [index + 1, [hours(opens, closes)]]));
}

function hours(opens: number, closes: number): DayInterval {
  return { opens: opens * 60, closes: closes * 60 };
}
