import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

type VirtualRows = {
  readonly items: readonly VirtualItem[];
  /** Height of all rows together, pixels. */
  readonly height: number;
  scrollTo(index: number, align: 'center' | 'end' | 'auto'): void;
};

/** Of many rows of one height those that can be seen: the page holds a few dozen elements, however many there are. */
export const useVirtualRows = (
  scroller: RefObject<HTMLDivElement | null>,
  count: number,
  rowHeight: number,
): VirtualRows => {
  const [, repaint] = useReducer((turn: number, _: undefined) => turn + 1, 0);
  const options = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: 16,
    onChange: () => repaint(undefined),
  };
  const [virtual] = useState(() => new Virtualizer<HTMLDivElement, HTMLElement>(options));
  virtual.setOptions(options);
  useLayoutEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());
  return {
    items: virtual.getVirtualItems(),
    height: virtual.getTotalSize(),
    scrollTo: (index, align) => virtual.scrollToIndex(index, { align }),
  };
};
