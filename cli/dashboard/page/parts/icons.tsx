/** Line drawings of 16 by 16, in the colour of the text beside them. What they mean is always said in words as well. */
const DRAWINGS = {
  accounts: "M8 8.2a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2ZM3.2 13.4a4.8 4.8 0 0 1 9.6 0",
  groups: "M6.2 8a3.2 3.2 0 1 0 0 .1M9.8 4.9a3.2 3.2 0 1 1 0 6.2M3 8h6.4",
  doctor: "M1.8 8.4h3l1.7-4.6 2.9 8.4 1.7-3.8h3.1",
  pencil: "M10.9 2.9l2.2 2.2-7.6 7.6-2.9.7.7-2.9 7.6-7.6ZM9.5 4.3l2.2 2.2",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.4 10.4 13.5 13.5",
  plus: "M8 3v10M3 8h10",
  up: "M4.5 9.5 8 6l3.5 3.5",
  down: "M4.5 6.5 8 10l3.5-3.5",
  right: "M6 4.5 9.5 8 6 11.5",
  close: "M4 4l8 8M12 4l-8 8",
  copy: "M6 5.5h6.5V13H6zM3.5 10.5V3H10",
  check: "M3.2 8.4l3.2 3.1 6.4-7",
  warn: "M8 2.6 14.2 13H1.8L8 2.6ZM8 6.6v2.8M8 11.3v.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 7.4V11M8 5v.01",
} as const;

export function Icon({ name }: { readonly name: keyof typeof DRAWINGS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={DRAWINGS[name]} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}
