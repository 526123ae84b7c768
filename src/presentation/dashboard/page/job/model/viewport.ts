import { type Layout, NODE } from './graphLayout.ts';

export type Size = { readonly width: number; readonly height: number };
/** How a drawing lies in its frame: moved by x and y (pixels) after it was scaled by k. */
export type View = { readonly x: number; readonly y: number; readonly k: number };

const SMALLEST = 0.05;
const LARGEST = 2.5;
/** Pixels of the drawing that always stay in the frame. */
const KEPT = 48;

/** The whole drawing in the middle of the frame, never larger than life. */
export const fitView = (drawing: Size, frame: Size): View => {
  const k = Math.max(SMALLEST, Math.min(1, frame.width / drawing.width, frame.height / drawing.height));
  return { k, x: (frame.width - drawing.width * k) / 2, y: (frame.height - drawing.height * k) / 2 };
};

export const clampView = (view: View, drawing: Size, frame: Size): View => {
  const keep = (offset: number, length: number, room: number): number =>
    Math.min(room - KEPT, Math.max(KEPT - length * view.k, offset));
  return {
    k: view.k,
    x: keep(view.x, drawing.width, frame.width),
    y: keep(view.y, drawing.height, frame.height),
  };
};

/** A part of the drawing around a node, at a given scale, without empty space at its sides where there need be none. */
export const centredView = (layout: Layout, frame: Size, k: number, id: string | undefined): View => {
  const node = layout.nodes.find((candidate) => candidate.id === id) ?? layout.nodes[0] ?? { x: 0, y: 0 };
  const place = (middle: number, length: number, room: number): number =>
    length * k <= room
      ? (room - length * k) / 2
      : Math.min(0, Math.max(room - length * k, room / 2 - middle * k));
  return {
    k,
    x: place(node.x + NODE.width / 2, layout.width, frame.width),
    y: place(node.y + NODE.height / 2, layout.height, frame.height),
  };
};

/** Scaled by `factor`, with the point (x, y) of the frame staying where it is. */
export const zoomView = (view: View, factor: number, x: number, y: number): View => {
  const k = Math.min(LARGEST, Math.max(SMALLEST, view.k * factor));
  const by = k / view.k;
  return { k, x: x - (x - view.x) * by, y: y - (y - view.y) * by };
};

/** The smallest move that brings a box of the drawing wholly into the frame. */
export const reveal = (
  view: View,
  box: Size & { readonly x: number; readonly y: number },
  frame: Size,
): View => {
  const shift = (offset: number, start: number, length: number, room: number): number => {
    const from = offset + start * view.k;
    const to = from + length * view.k;
    if (from < 8) return offset + 8 - from;
    return to > room - 8 ? offset - (to - room + 8) : offset;
  };
  return {
    k: view.k,
    x: shift(view.x, box.x, box.width, frame.width),
    y: shift(view.y, box.y, box.height, frame.height),
  };
};
