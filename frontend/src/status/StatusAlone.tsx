import { QueryClientProvider } from '@tanstack/react-query';
import { queryClient } from '../api/queryClient.ts';
import css from './status.module.css';
import StatusPage from './StatusPage.tsx';

/** The status for people who aren't signed in. */
export default function StatusAlone() {
  return (
    <QueryClientProvider client={queryClient}>
      <div className={css.alone}>
        <StatusPage />
      </div>
    </QueryClientProvider>
  );
}
