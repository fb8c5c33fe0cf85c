/** Days and hours as the person's own calendar has them: names that sort as their times do. */

/** `2026-11-22`. @param ms milliseconds since the Unix epoch */
export function localDay(ms: number): string {
  return dayName(new Date(ms));
}

/** `2026-11-22T09`; the hour that a change of the clock repeats has one name. @param ms milliseconds since the Unix epoch */
export function localHour(ms: number): string {
  const date = new Date(ms);
  return `${dayName(date)}T${twoDigits(date.getHours())}`;
}

/** The day that many days before the one of `ms`. A day is one of the calendar, however long it is. */
export function dayBefore(ms: number, days: number): string {
  const date = new Date(ms);
  return dayName(new Date(date.getFullYear(), date.getMonth(), date.getDate() - days, 12));
}

/** The month that many months before the one of `ms`: `2026-11`. */
export function monthBefore(ms: number, months: number): string {
  const date = new Date(ms);
  return dayName(new Date(date.getFullYear(), date.getMonth() - months, 1, 12)).slice(0, 7);
}

/** When the day after the one of `ms` begins: milliseconds since the Unix epoch. */
export function nextMidnight(ms: number): number {
  const date = new Date(ms);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}

function dayName(date: Date): string {
  const year = String(date.getFullYear()).padStart(4, '0');
  return `${year}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
