import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
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

/** Created and completed per day. The same numbers are in the table below it, for whoever can't see a canvas. */
export default function Chart({ days }: { days: Stats['days'] }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const data = useMemo<uPlot.AlignedData>(
    () => [
      days.map(({ date }) => Date.parse(`${date}T00:00:00Z`) / 1000),
      days.map(({ created }) => created),
      days.map(({ completed }) => completed),
    ],
    [days],
  );

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    let plot: uPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(options(element, element.clientWidth, setAt), data, element);
    };
    const resize = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    draw();
    resize.observe(element);
    const stop = onThemeChange(draw);
    return () => {
      stop();
      resize.disconnect();
      plot?.destroy();
    };
  }, [data]);

  const shown = at === null ? undefined : days[at];
  return (
    <div>
      <p className={css.legend}>
        <span className={css.legendItem} data-series="created">
          {t('dashboard.created')} {shown && <strong>{shown.created}</strong>}
        </span>
        <span className={css.legendItem} data-series="completed">
          {t('dashboard.completed')} {shown && <strong>{shown.completed}</strong>}
        </span>
        <span className={css.legendDay}>{shown && calendarDay(shown.date)}</span>
      </p>
      <div ref={frame} className={css.chart} role="img" aria-label={t('dashboard.chart')} />
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
