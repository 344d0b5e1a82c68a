/** Owns how an owner finds their time zone: likely ones by language, cities by name, and a number for a button. Pure. */
import type { Locale } from '../texts/locale.ts';
import { isZoneName } from './zone.ts';

/** Cities that people name, as they write them; the first of a zone is how it is called. */
const CITIES: readonly (readonly [zone: string, ru: string, en: string])[] = [
  ['Europe/Kaliningrad', 'Калининград', 'Kaliningrad'],
  ['Europe/Moscow', 'Москва', 'Moscow'],
  ['Europe/Samara', 'Самара', 'Samara'],
  ['Asia/Yekaterinburg', 'Екатеринбург', 'Yekaterinburg'],
  ['Asia/Omsk', 'Омск', 'Omsk'],
  ['Asia/Novosibirsk', 'Новосибирск', 'Novosibirsk'],
  ['Asia/Krasnoyarsk', 'Красноярск', 'Krasnoyarsk'],
  ['Asia/Irkutsk', 'Иркутск', 'Irkutsk'],
  ['Asia/Yakutsk', 'Якутск', 'Yakutsk'],
  ['Asia/Vladivostok', 'Владивосток', 'Vladivostok'],
  ['Asia/Magadan', 'Магадан', 'Magadan'],
  ['Asia/Kamchatka', 'Петропавловск-Камчатский', 'Kamchatka'],
  ['Europe/Moscow', 'Санкт-Петербург', 'Saint Petersburg'],
  ['Europe/Moscow', 'Петербург', 'Petersburg'],
  ['Europe/Moscow', 'Казань', 'Kazan'],
  ['Europe/Moscow', 'Нижний Новгород', 'Nizhny Novgorod'],
  ['Europe/Moscow', 'Ростов-на-Дону', 'Rostov-on-Don'],
  ['Europe/Moscow', 'Краснодар', 'Krasnodar'],
  ['Europe/Moscow', 'Сочи', 'Sochi'],
  ['Europe/Moscow', 'Воронеж', 'Voronezh'],
  ['Europe/Moscow', 'Ярославль', 'Yaroslavl'],
  ['Europe/Moscow', 'Тула', 'Tula'],
  ['Europe/Volgograd', 'Волгоград', 'Volgograd'],
  ['Europe/Saratov', 'Саратов', 'Saratov'],
  ['Europe/Samara', 'Тольятти', 'Tolyatti'],
  ['Europe/Samara', 'Ижевск', 'Izhevsk'],
  ['Asia/Yekaterinburg', 'Челябинск', 'Chelyabinsk'],
  ['Asia/Yekaterinburg', 'Уфа', 'Ufa'],
  ['Asia/Yekaterinburg', 'Пермь', 'Perm'],
  ['Asia/Yekaterinburg', 'Тюмень', 'Tyumen'],
  ['Asia/Yekaterinburg', 'Сургут', 'Surgut'],
  ['Asia/Barnaul', 'Барнаул', 'Barnaul'],
  ['Asia/Tomsk', 'Томск', 'Tomsk'],
  ['Asia/Novokuznetsk', 'Новокузнецк', 'Novokuznetsk'],
  ['Asia/Vladivostok', 'Хабаровск', 'Khabarovsk'],
  ['Asia/Sakhalin', 'Южно-Сахалинск', 'Sakhalin'],
  ['Europe/Minsk', 'Минск', 'Minsk'],
  ['Asia/Almaty', 'Алматы', 'Almaty'],
  ['Asia/Almaty', 'Астана', 'Astana'],
  ['Asia/Tashkent', 'Ташкент', 'Tashkent'],
  ['Asia/Bishkek', 'Бишкек', 'Bishkek'],
  ['Asia/Yerevan', 'Ереван', 'Yerevan'],
  ['Asia/Tbilisi', 'Тбилиси', 'Tbilisi'],
  ['Asia/Baku', 'Баку', 'Baku'],
  ['Europe/Istanbul', 'Стамбул', 'Istanbul'],
  ['Asia/Dubai', 'Дубай', 'Dubai'],
  ['Europe/Belgrade', 'Белград', 'Belgrade'],
  ['Europe/London', 'Лондон', 'London'],
  ['Europe/Lisbon', 'Лиссабон', 'Lisbon'],
  ['Europe/Berlin', 'Берлин', 'Berlin'],
  ['Europe/Berlin', 'Мюнхен', 'Munich'],
  ['Europe/Paris', 'Париж', 'Paris'],
  ['Europe/Madrid', 'Мадрид', 'Madrid'],
  ['Europe/Rome', 'Рим', 'Rome'],
  ['Europe/Warsaw', 'Варшава', 'Warsaw'],
  ['Europe/Prague', 'Прага', 'Prague'],
  ['Europe/Vienna', 'Вена', 'Vienna'],
  ['Europe/Athens', 'Афины', 'Athens'],
  ['Asia/Nicosia', 'Кипр', 'Cyprus'],
  ['Asia/Jerusalem', 'Тель-Авив', 'Tel Aviv'],
  ['America/New_York', 'Нью-Йорк', 'New York'],
  ['America/New_York', 'Майами', 'Miami'],
  ['America/Chicago', 'Чикаго', 'Chicago'],
  ['America/Denver', 'Денвер', 'Denver'],
  ['America/Los_Angeles', 'Лос-Анджелес', 'Los Angeles'],
  ['Asia/Bangkok', 'Пхукет', 'Phuket'],
  ['Asia/Makassar', 'Бали', 'Bali'],
  ['Australia/Sydney', 'Сидней', 'Sydney'],
];
const LIKELY: Readonly<Record<Locale, readonly string[]>> = {
  ru: [...new Set(CITIES.slice(0, 12).map(([zone]) => zone))],
  en: [
    'Europe/London',
    'Europe/Berlin',
    'Europe/Istanbul',
    'Asia/Dubai',
    'America/New_York',
    'America/Chicago',
    'America/Denver',
    'America/Los_Angeles',
    'Australia/Sydney',
    'Europe/Moscow',
  ],
};
const MOST_FOUND = 8;

/** The zones that somebody of this language most likely lives in. */
export function likelyZones(locale: Locale): readonly string[] {
  return LIKELY[locale];
}

/** The zones of the cities whose names begin like this, else of those that contain it; at most 8. */
export function findZones(query: string): string[] {
  const wanted = plain(query);
  if (wanted.length < 2) return [];
  if (query.includes('/') && isZoneName(query.trim())) return [query.trim()];
  const names = [
    ...CITIES.flatMap(([zone, ru, en]) => [[zone, plain(ru)] as const, [zone, plain(en)] as const]),
    ...allZones().map((zone) => [zone, plain(zone.slice(zone.lastIndexOf('/') + 1))] as const),
  ];
  const beginning = names.filter(([, name]) => name.startsWith(wanted));
  const found = beginning.length > 0 ? beginning : names.filter(([, name]) => name.includes(wanted));
  return [...new Set(found.map(([zone]) => zone))].slice(0, MOST_FOUND);
}

/** How people call a zone. */
export function zoneLabel(zone: string, locale: Locale): string {
  const city = CITIES.find(([name]) => name === zone);
  return city?.[locale === 'ru' ? 1 : 2] ?? zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
}

/** A number that stands for a zone's name in a button, in every version: FNV-1a. */
export function zoneNumber(zone: string): number {
  let hash = 0x811c9dc5;
  for (const letter of zone) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

/** The zone of a number; undefined when nothing is called so any more. */
export function zoneOfNumber(number: number): string | undefined {
  return allZones().find((zone) => zoneNumber(zone) === number);
}

function allZones(): string[] {
  return [...new Set([...CITIES.map(([zone]) => zone), ...Intl.supportedValuesOf('timeZone')])];
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replaceAll(/[^\p{L}]+/gu, '');
}
