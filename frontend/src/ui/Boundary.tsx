import { Component, type ReactNode } from 'react';
import { Failed } from './States.tsx';

interface Props {
  children: ReactNode;
  /** Another value clears the error: the user has gone elsewhere. */
  at?: string;
}

interface State {
  error: unknown;
  at: string | undefined;
}

/** Shows what failed where it failed, such as a part of the page that couldn't be loaded, and lets the rest live. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null, at: this.props.at };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.at === state.at ? null : { error: null, at: props.at };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    // What is lazy keeps its failure, so only a reload loads it again.
    return <Failed error={this.state.error} onRetry={() => location.reload()} />;
  }
}
