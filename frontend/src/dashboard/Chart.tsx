import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from '../i18n/index.ts';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Stats } from '../api/types.ts';
import { calendarDay } from '../i18n/dates.ts';
import { number } from '../i18n/formats.ts';
import { onThemeChange } from '../ui/theme.ts';
import css from './dashboard.module.css';

const HEIGHT_PX = 240;
const DAY_S = 86_400;

/** A colour of the theme as the canvas needs it. */
function colour(element: HTMLElement, token: string): string {
  // A new element each time: one that changes its colour may be on its way there still.
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

interface Props {
  days: Stats['days'];
  created: number;
  completed: number;
}

/** Created and completed per day. The table below it has the same numbers; arrow keys go from day to day. */
export default function Chart({ days, created, completed }: Props) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [at, setAt] = useState<number | null>(null);
  const data = useMemo<uPlot.AlignedData>(
    () => [
      days.map(({ date }) => Date.parse(`${date}T00:00:00Z`) / 1000),
      days.map((day) => day.created),
      days.map((day) => day.completed),
    ],
    [days],
  );

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(element, element.clientWidth, setAt), data, element);
    };
    const resize = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    draw();
    resize.observe(element);
    const stop = onThemeChange(draw);
    return () => {
      stop();
      resize.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [data]);

  const shown = at === null ? undefined : days[at];
  const current = shown ?? days.at(-1);
  const goTo = (index: number) => {
    const to = Math.min(days.length - 1, Math.max(0, index));
    const chart = plot.current;
    // A day is told by the cursor, as if the pointer stood on it.
    chart?.setCursor({ left: chart.valToPos(data[0][to] ?? 0, 'x'), top: 0 });
    setAt(to);
  };
  const onKey = (event: KeyboardEvent) => {
    const from = at ?? days.length;
    const targets: Record<string, number> = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      PageUp: from - 7,
      PageDown: from + 7,
      Home: 0,
      End: days.length - 1,
    };
    const to = targets[event.key];
    if (to === undefined) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <div>
      <p className={css.legend}>
        <span className={css.legendItem} data-series="created">
          {t('dashboard.created')} <strong>{shown && number(shown.created)}</strong>
        </span>
        <span className={css.legendItem} data-series="completed">
          {t('dashboard.completed')} <strong>{shown && number(shown.completed)}</strong>
        </span>
        <span className={css.legendDay}>{shown && calendarDay(shown.date)}</span>
      </p>
      <div
        ref={frame}
        className={css.chart}
        role="slider"
        tabIndex={0}
        aria-label={t('dashboard.chart', { created: number(created), completed: number(completed) })}
        aria-valuemin={0}
        aria-valuemax={days.length - 1}
        aria-valuenow={at ?? days.length - 1}
        aria-valuetext={
          current &&
          t('dashboard.dayIs', {
            day: calendarDay(current.date),
            created: number(current.created),
            completed: number(current.completed),
          })
        }
        onKeyDown={onKey}
      />
    </div>
  );
}

function options(element: HTMLElement, width: number, onAt: (index: number | null) => void): uPlot.Options {
  const line = colour(element, '--line');
  const faint = colour(element, '--text-3');
  const font = `11px ${getComputedStyle(element).fontFamily}`;
  const axis: uPlot.Axis = { stroke: faint, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  const series = (token: string): uPlot.Series => {
    const stroke = colour(element, token);
    return { stroke, width: 2, points: { show: false }, fill: stroke.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.08)') };
  };
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: { y: { range: (_, __, most) => [0, Math.max(4, Math.ceil(most * 1.1))] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 26,
        space: 64,
        incrs: [DAY_S, 2 * DAY_S, 7 * DAY_S, 14 * DAY_S, 28 * DAY_S],
        values: (_, splits) => splits.map((seconds) => calendarDay(new Date(seconds * 1000).toISOString().slice(0, 10))),
      },
      { ...axis, size: 34, values: (_, splits) => splits.map(number), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
    ],
    series: [{}, series('--chart-created'), series('--chart-completed')],
    hooks: { setCursor: [(plot) => onAt(plot.cursor.idx ?? null)] },
  };
}
