import { forwardRef, type ElementType, type HTMLAttributes } from 'react';

/**
 * Stands in for the package react-remove-scroll, which Radix wraps its modal content in and which injects a `<style>`
 * (forbidden by our `style-src 'self'`). Our pages don't scroll as a whole, only regions within them do, and the
 * overlay of a dialog lies over those: there is nothing to lock.
 */
interface Props extends HTMLAttributes<HTMLElement> {
  as?: ElementType;
  allowPinchZoom?: boolean;
  shards?: unknown;
}

export const RemoveScroll = forwardRef<HTMLElement, Props>(function RemoveScroll(
  { as: Container = 'div', allowPinchZoom: _zoom, shards: _shards, ...props },
  ref,
) {
  return <Container ref={ref} {...props} />;
});
