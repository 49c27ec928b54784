import { Component, createRef, type ReactNode } from 'react';

interface Props {
  className: string | undefined;
  children: ReactNode;
}

/**
 * While somebody writes in here, what is added above moves up and the writing stays where it is. (Browsers anchor what
 * is read, which is above what is written.)
 */
export class KeepPlace extends Component<Props> {
  readonly #box = createRef<HTMLDivElement>();

  override getSnapshotBeforeUpdate(): number | null {
    const box = this.#box.current;
    return box?.contains(document.activeElement) === true ? box.getBoundingClientRect().top : null;
  }

  override componentDidUpdate(_props: Props, _state: object, before: number | null): void {
    const box = this.#box.current;
    if (before === null || box === null) return;
    const moved = box.getBoundingClientRect().top - before;
    const scroller = box.closest('[data-panel-body]');
    if (scroller !== null && moved !== 0) scroller.scrollTop += moved;
  }

  override render(): ReactNode {
    return (
      <div ref={this.#box} className={this.props.className}>
        {this.props.children}
      </div>
    );
  }
}
