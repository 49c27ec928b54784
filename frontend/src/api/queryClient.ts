import { QueryClient } from '@tanstack/react-query';
import { asProblem } from './problem.ts';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A refusal stays one; what may pass by itself is tried again.
      retry: (failures, error) => failures < 2 && [0, 429, 502, 503, 504].includes(asProblem(error).status),
      refetchOnWindowFocus: false,
      // Ours says why nothing comes; waiting for the network would say nothing.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
