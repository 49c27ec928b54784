import type { Priority, Status } from '../api/types.ts';

/** Line icons on a 16 px grid, drawn for this page. */
const PATHS = {
  board: 'M2.5 3h3v10h-3zM6.5 3h3v7h-3zM10.5 3h3v5h-3z',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01',
  chart: 'M2.5 13.5h11M4 11V8M8 11V3M12 11V6',
  people: 'M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6ZM1.8 13c.3-2.4 2-3.8 4.2-3.8s3.9 1.4 4.2 3.8M10.6 3.2a2.2 2.2 0 0 1 0 4M12 9.6c1.3.5 2.1 1.7 2.3 3.4',
  inbox: 'M2.5 9.5l1.8-6h7.4l1.8 6v3.5h-11zM2.5 9.5h3.2l.8 1.6h3l.8-1.6h3.2',
  pulse: 'M1.5 8.5h3l2-5 3 9 2-4h3',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.2 3.2',
  plus: 'M8 3v10M3 8h10',
  close: 'M4 4l8 8M12 4l-8 8',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  down: 'M4.5 6.5L8 10l3.5-3.5',
  right: 'M6.5 4.5L10 8l-3.5 3.5',
  check: 'M3.5 8.5l3 3 6-7',
  filter: 'M2.5 4h11M4.5 8h7M6.5 12h3',
  label: 'M2.5 3.5v4l6 6 4.5-4.5-6-6h-4zM5.2 6h.01',
  calendar: 'M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.3v3M10.5 2.3v3',
  person: 'M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3.2 13.5c.3-2.6 2.2-4 4.8-4s4.5 1.4 4.8 4',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 9h5.8l.6-9',
  edit: 'M3 13l.6-2.8 7-7 2.2 2.2-7 7zM9.2 4.6l2.2 2.2',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2-2a2.6 2.6 0 0 0-3.7-3.7l-.7.7M9.2 6.8a2.6 2.6 0 0 0-3.7 0l-2 2a2.6 2.6 0 0 0 3.7 3.7l.7-.7',
  keyboard: 'M1.8 4.5h12.4v7H1.8zM4 7h.01M6.7 7h.01M9.3 7h.01M12 7h.01M5 9.3h6',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  exit: 'M6.5 3h-3v10h3M7 8h6.5M11 5.5L13.5 8 11 10.5',
  eye: 'M1.5 8s2.4-4.3 6.5-4.3S14.5 8 14.5 8s-2.4 4.3-6.5 4.3S1.5 8 1.5 8ZM8 9.9a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8Z',
  eyeOff: 'M1.5 8s2.4-4.3 6.5-4.3S14.5 8 14.5 8s-2.4 4.3-6.5 4.3S1.5 8 1.5 8ZM3 13.5l10-11',
  settings: 'M2.5 4.8h6M12 4.8h1.5M2.5 11.2H4M7.5 11.2h6M10.2 6.6a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6ZM5.8 13a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6Z',
  info: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM8 7.4v3.6M8 5.1h.01',
  question: 'M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4ZM6.2 6.3a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.7-.9 1.3M8 11.3h.01',
  sidebar: 'M2.5 3h11v10h-11zM6 3v10',
  bold: 'M5 3h3.5a2.4 2.4 0 0 1 0 4.8H5zM5 7.8h4.2a2.6 2.6 0 0 1 0 5.2H5z',
  italic: 'M6.5 3h5M4.5 13h5M9.5 3l-3 10',
  code: 'M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5',
  checks: 'M2.5 4.3l1 1 1.8-2M2.5 10.8l1 1 1.8-2M8 4.5h5.5M8 11h5.5',
  quote: 'M3 4v8M6.5 5h7M6.5 8h7M6.5 11h4',
  fold: 'M3 2.5v11M13 8H6.5M9 5.5L6.5 8 9 10.5',
  move: 'M8 2.5v11M5.5 5L8 2.5 10.5 5M5.5 11L8 13.5 10.5 11',
  priority: 'M3.5 12.5v-2M8 12.5v-5M12.5 12.5v-9',
  warn: 'M8 2.5l6 10.5H2zM8 6.5v3M8 11.3h.01',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The status as a circle that fills up. */
export function StatusIcon({ status, size = 14 }: { status: Status; size?: number }) {
  const colour = `var(--status-${status})`;
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" fill="none" stroke={colour} strokeWidth="1.6" aria-hidden="true">
      {status === 'pending' && <circle cx="7" cy="7" r="5.8" />}
      {status === 'in_progress' && (
        <>
          <circle cx="7" cy="7" r="5.8" />
          <path d="M7 3.6a3.4 3.4 0 0 1 0 6.8z" fill={colour} stroke="none" />
        </>
      )}
      {status === 'blocked' && (
        <>
          <circle cx="7" cy="7" r="5.8" />
          <path d="M4.4 7h5.2" strokeLinecap="round" />
        </>
      )}
      {status === 'completed' && (
        <>
          <circle cx="7" cy="7" r="6.6" fill={colour} stroke="none" />
          <path d="M4.2 7.2l2 2 3.7-4.2" stroke="var(--bg-raised)" strokeLinecap="round" strokeLinejoin="round" />
        </>
      )}
      {status === 'cancelled' && (
        <>
          <circle cx="7" cy="7" r="6.6" fill={colour} stroke="none" />
          <path d="M5 5l4 4M9 5l-4 4" stroke="var(--bg-raised)" strokeLinecap="round" />
        </>
      )}
    </svg>
  );
}

const BARS: Record<Priority, number> = { none: 0, low: 1, medium: 2, high: 3, urgent: 4 };

/** The priority as bars, as on a telephone; urgent is a filled square. */
export function PriorityIcon({ priority, size = 14 }: { priority: Priority; size?: number }) {
  const bars = BARS[priority];
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
      {priority === 'urgent' ? (
        <>
          <rect x="0.5" y="0.5" width="13" height="13" rx="3" fill="var(--priority-urgent)" />
          <path d="M7 3.4v4.4M7 10.4h.01" stroke="var(--bg-raised)" strokeWidth="1.7" strokeLinecap="round" />
        </>
      ) : priority === 'none' ? (
        <path d="M1.5 7h2M6 7h2M10.5 7h2" stroke="var(--text-3)" strokeWidth="1.4" strokeLinecap="round" />
      ) : (
        [0, 1, 2].map((bar) => (
          <rect
            key={bar}
            x={1.2 + bar * 4.2}
            y={8.6 - bar * 3.1}
            width="3"
            height={4.2 + bar * 3.1}
            rx="1"
            fill={bar < bars ? 'var(--priority)' : 'var(--priority-rest)'}
          />
        ))
      )}
    </svg>
  );
}
