import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { keepWidth, keptWidth, MOST_PX, LEAST_PX, within } from './asideWidth.ts';
import css from './shell.module.css';

/** Where there is no room for both, what stands beside the page covers it. The same width as in the style sheet. */
const COVERS = '(max-width: 960px)';
const STEP_PX = 24;

/**
 * What stands beside the page, such as the open task: the page makes room for it. It draws the handle that changes its
 * width within its landmark.
 */
export function Aside({ children }: { children: (handle: ReactNode) => ReactNode }) {
  const { t } = useTranslation();
  const [width, setWidth] = useState(keptWidth);
  const frame = useRef<HTMLDivElement>(null);
  const change = (next: number) => {
    const wanted = within(next);
    setWidth(wanted);
    keepWidth(wanted);
  };

  useEffect(() => {
    const media = matchMedia(COVERS);
    const under = document.querySelectorAll('#side, #main');
    // What lies under it is out of reach, for the focus too.
    const follow = () => under.forEach((part) => part.toggleAttribute('inert', media.matches));
    follow();
    media.addEventListener('change', follow);
    return () => {
      media.removeEventListener('change', follow);
      under.forEach((part) => part.removeAttribute('inert'));
    };
  }, []);

  const isRightToLeft = () => frame.current !== null && getComputedStyle(frame.current).direction === 'rtl';
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const handle = event.currentTarget;
    const from = { x: event.clientX, width: frame.current?.offsetWidth ?? width };
    const sign = isRightToLeft() ? 1 : -1;
    const move = ({ clientX }: globalThis.PointerEvent) => change(from.width + sign * (clientX - from.x));
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const wider = isRightToLeft() ? 'ArrowRight' : 'ArrowLeft';
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    change(width + (event.key === wider ? STEP_PX : -STEP_PX));
  };

  // A separator with the focus is a control by ARIA: https://www.w3.org/TR/wai-aria-1.2/#separator
  const handle = (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={t('nav.resize')}
      aria-valuenow={width}
      aria-valuemin={LEAST_PX}
      aria-valuemax={MOST_PX}
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className={css.handle}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
  return (
    <div ref={frame} className={css.aside} style={{ inlineSize: width }}>
      {children(handle)}
    </div>
  );
}
