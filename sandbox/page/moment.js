// Times of the town, whatever the browser's zone is.

const ZONE = 8 * 3_600_000;

// A date whose UTC fields read as the clock of Zhengzhou.
export const shifted = (ms) => new Date(ms + ZONE);

export const iso = (date) => `${date.toISOString().slice(0, 19)}+08:00`;

// "MM-DD HH:MM" of an ISO time.
export function moment(text) {
  const shown = shifted(Date.parse(text)).toISOString();
  return `${shown.slice(5, 10)} ${shown.slice(11, 16)}`;
}
