import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { call } from '../lib/client';
import { changed } from '../lib/tabs';
import { Field } from '../parts/field';
import { Form, useForm } from '../parts/form';
import { may } from '../session/session';
import { m } from '../text';
import { Crops } from './crops';
import { Focus } from './focus';
import type { Image } from './queue';

export interface Point {
  x: number; // in hundredths of the width, from the left
  y: number;
}

const pointOf = ({ focus }: Image): Point => ({ x: Math.round(100 * focus.x), y: Math.round(100 * focus.y) });
const same = (a: Point, b: Point): boolean => a.x === b.x && a.y === b.y;

/** The whole image, and the form that changes its description and its focus. */
export function Edit({ image, alt, set }: { image: Image; alt: Signal<string>; set: (image: Image) => void }) {
  const form = useForm();
  const saved = pointOf(image);
  const before = useRef(saved);
  const point = useSignal(saved);
  const done = useSignal(false);
  useEffect(() => {
    if (same(point.value, before.current)) point.value = saved;
    before.current = saved;
  }, [saved.x, saved.y]);
  const dirty = alt.value.trim() !== image.alt || !same(point.value, saved);
  async function save(): Promise<void> {
    const { x, y } = point.value;
    const body = { alt: alt.value.trim(), ...(!same(point.value, saved) && { focus: { x: x / 100, y: y / 100 } }) };
    const { data } = await call('patch', '/api/images/{id}', { path: { id: image.id }, body });
    if (data) set(data);
    alt.value = body.alt;
    done.value = true;
    changed('images');
  }
  const move = (to: Point): void => { point.value = to; done.value = false; };
  const discard = (): void => { alt.value = image.alt; point.value = saved; };
  const able = may('images:write');
  return (
    <div class="card image-edit">
      <Focus image={image} point={point.value} move={able ? move : undefined} />
      <Form state={form} fields={['alt']} class="stack" label={m.images.edit} onSubmit={save}>
        <Field label={m.images.description} hint={m.images.descriptionHint} error={form.errors.value['alt']}>
          {(control) => <textarea {...control} rows={3} maxLength={500} readOnly={!able} value={alt.value} onInput={(event) => { alt.value = event.currentTarget.value; done.value = false; }} />}
        </Field>
        <Crops image={image} point={point.value} move={able ? move : undefined} />
        {able && (
          <div class="row">
            <button class="primary" disabled={form.busy.value}>{m.images.save}</button>
            {dirty && <button type="button" class="plain" onClick={discard}>{m.images.discard}</button>}
            <span role="status" class="muted minor">{image.renewing ? m.images.renewing : !dirty && done.value && m.images.saved}</span>
          </div>
        )}
      </Form>
    </div>
  );
}
