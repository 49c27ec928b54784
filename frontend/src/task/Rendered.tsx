import { Suspense } from 'react';
import { Boundary } from '../ui/Boundary.tsx';
import { part } from '../ui/part.ts';
import { Skeleton } from '../ui/States.tsx';
import type { Box } from './MarkdownNodes.tsx';

const Markdown = part(() => import('./Markdown.tsx'));

/** A text in Markdown as it is read. What renders it is loaded later. */
export function Rendered({ height, ...props }: { source: string; onTick?: (box: Box) => void; height?: number }) {
  return (
    <Boundary>
      <Suspense fallback={<Skeleton {...(height !== undefined && { height })} />}>
        <Markdown {...props} />
      </Suspense>
    </Boundary>
  );
}
