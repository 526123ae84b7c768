import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Layout, NODE } from '../model/graphLayout.ts';
import {
  centredView,
  clampView,
  fitView,
  reveal,
  type Size,
  type View,
  zoomView,
} from '../model/viewport.ts';

export type PanZoom = {
  readonly transform: ReadonlySignal<string>;
  /** Too small to read the small print. */
  readonly far: ReadonlySignal<boolean>;
  fit(): void;
  zoom(factor: number): void;
  pan(x: number, y: number): void;
  /** Brings a node into the frame. */
  show(id: string): void;
  readonly handlers: Handlers;
};

type Handlers = {
  onPointerDown(event: PointerEvent): void;
  onPointerMove(event: PointerEvent): void;
  onPointerUp(event: PointerEvent): void;
  onPointerCancel(event: PointerEvent): void;
  onClickCapture(event: MouseEvent): void;
};

/** Where a drawing that is unreadable as a whole is opened: at which scale, and around which node. */
type Opening = { readonly readable: number; readonly first: string | undefined };

const DRAG = 4;

/** Where the drawing lies in its frame: by drag, pinch, wheel and calls. The wheel zooms with Ctrl, or once the graph has focus. */
export const usePanZoom = (
  frame: RefObject<HTMLDivElement | null>,
  layout: Layout,
  size: Size,
  opening: Opening,
): PanZoom => {
  const view = useMemo(() => signal<View>({ x: 0, y: 0, k: 1 }), []);
  const now = useRef({ layout, size });
  now.current = { layout, size };
  const set = (next: View): void => {
    view.value = clampView(next, now.current.layout, now.current.size);
  };

  useMemo(() => {
    if (size.width === 0) return;
    const whole = fitView(layout, size);
    set(whole.k >= opening.readable ? whole : centredView(layout, size, opening.readable, opening.first));
  }, [layout, size.width, size.height]);

  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.metaKey && !element.contains(document.activeElement)) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      set(
        zoomView(
          view.value,
          Math.exp(-event.deltaY * 0.0015),
          event.clientX - box.left,
          event.clientY - box.top,
        ),
      );
    };
    // A listener that the framework adds is passive for wheels, and could not keep the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  const handlers = useDrag(frame, view, set);
  return useMemo(
    () => ({
      transform: computed(() => `translate(${view.value.x} ${view.value.y}) scale(${view.value.k})`),
      far: computed(() => view.value.k < 0.45),
      fit: () => set(fitView(now.current.layout, now.current.size)),
      zoom: (factor: number) =>
        set(zoomView(view.value, factor, now.current.size.width / 2, now.current.size.height / 2)),
      pan: (x: number, y: number) => set({ ...view.value, x: view.value.x + x, y: view.value.y + y }),
      show: (id: string) => {
        const node = now.current.layout.nodes.find((candidate) => candidate.id === id);
        if (node !== undefined) set(reveal(view.value, { ...NODE, x: node.x, y: node.y }, now.current.size));
      },
      handlers,
    }),
    [],
  );
};

type Set = (view: View) => void;

/** Dragging with one pointer, pinching with two. A drag's end is no click. */
const useDrag = (frame: RefObject<HTMLDivElement | null>, view: ReadonlySignal<View>, set: Set): Handlers => {
  const pointers = useRef(new Map<number, { readonly x: number; readonly y: number }>());
  const moved = useRef(0);
  const up = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
  };
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      if (pointers.current.size === 0) moved.current = 0;
      pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    },
    onPointerMove: (event) => {
      const before = pointers.current.get(event.pointerId);
      if (before === undefined) return;
      const here = { x: event.clientX, y: event.clientY };
      moved.current += Math.abs(here.x - before.x) + Math.abs(here.y - before.y);
      if (moved.current > DRAG && !frame.current?.hasPointerCapture(event.pointerId))
        frame.current?.setPointerCapture(event.pointerId);
      const [other] = [...pointers.current].flatMap(([id, point]) => (id === event.pointerId ? [] : [point]));
      pointers.current.set(event.pointerId, here);
      if (other === undefined) {
        set({ ...view.value, x: view.value.x + here.x - before.x, y: view.value.y + here.y - before.y });
        return;
      }
      const box = frame.current?.getBoundingClientRect();
      const apart = (point: typeof here): number =>
        Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      const middle = {
        x: (here.x + other.x) / 2 - (box?.left ?? 0),
        y: (here.y + other.y) / 2 - (box?.top ?? 0),
      };
      set(zoomView(view.value, apart(here) / apart(before), middle.x, middle.y));
    },
    onPointerUp: up,
    onPointerCancel: up,
    onClickCapture: (event) => {
      if (moved.current <= DRAG) return;
      moved.current = 0;
      event.stopPropagation();
      event.preventDefault();
    },
  };
};
