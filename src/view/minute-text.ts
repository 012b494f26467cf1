/** A point in time as people read it, to the minute: `2026-11-23 09:02Z`. */
export function minuteText(time: string): string {
  return `${time.slice(0, 16).replace("T", " ")}Z`;
}
