import { Component, type ReactNode } from 'react';
import { ApiProblem } from '../api/problem.ts';
import { t } from '../i18n/index.ts';
import { Button } from './Button.tsx';
import { NotLoaded } from './later.ts';
import { Broken } from './States.tsx';
import { Unloaded } from './Unloaded.tsx';

interface Props {
  children: ReactNode;
  /** Another value clears the error: the user has gone elsewhere. */
  at?: string;
  /** What stands in for the part that failed, around what says so; `null` for a part that the page can do without. */
  frame?: ((what: ReactNode) => ReactNode) | null;
  /** Takes the failed part away. */
  onClose?: () => void;
}

interface State {
  error: unknown;
  at: string | undefined;
}

/** Says that a part of the page failed where it failed, and lets the rest live. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null, at: this.props.at };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.at === state.at ? null : { error: null, at: props.at };
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { children, frame, onClose } = this.props;
    if (error === null) return children;
    const retry = () => this.setState({ error: null });
    const failed =
      error instanceof NotLoaded ? (
        <Unloaded error={error} onLoaded={retry} onFailed={(why) => this.setState({ error: why })} isSilent={frame === null} />
      ) : null;
    if (frame === null) return failed;
    const what = (
      <>
        {failed ?? <Broken problem={error instanceof ApiProblem ? error : undefined} onRetry={retry} />}
        {onClose !== undefined && <Button onClick={onClose}>{t('common.close')}</Button>}
      </>
    );
    return frame === undefined ? what : frame(what);
  }
}
