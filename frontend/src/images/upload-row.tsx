import { useEffect, useState } from 'preact/hooks';
import { leaveItem } from '../lib/focus';
import { percent } from '../lib/format';
import { CopyButton } from '../parts/copy-button';
import { Field } from '../parts/field';
import { m } from '../text';
import { size } from './file';
import { cancel, describe, retry, type Step, type Upload } from './queue';

/** An upload: its progress, its error, its actions, and its description. */
export function UploadRow({ upload }: { upload: Upload }) {
  const step = upload.step.value;
  const { name } = upload.file;
  const bad = step === 'failed' || step === 'refused';
  return (
    <li class="upload" data-step={step}>
      <Preview upload={upload} />
      <div class="upload-what">
        <p class="upload-name">{name} <span class="muted minor number">{size(upload.file.size)}</span></p>
        {bad
          ? <p class="error"><b>{m.images.steps[step]}.</b> {upload.error.value}</p>
          : <Progress name={name} step={step} share={upload.share.value} />}
        {!bad && <Description upload={upload} />}
      </div>
      <div class="upload-acts"><Actions upload={upload} /></div>
    </li>
  );
}

/** A preview of the file, if the browser can show it. */
function Preview({ upload }: { upload: Upload }) {
  const [url, setURL] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(upload.file);
    setURL(made);
    return () => URL.revokeObjectURL(made);
  }, [upload]);
  const shown = url && upload.step.value !== 'refused';
  return <span class="frame upload-preview">{shown && <img src={url} alt="" class="there" decoding="async" onError={() => setURL('')} />}</span>;
}

function Progress({ name, step, share }: { name: string; step: Step; share: number }) {
  const text = step === 'sending' ? `${m.images.steps.sending}, ${percent(share)}` : m.images.steps[step];
  const known = step === 'sending' ? { value: share } : step === 'waiting' ? { value: 0 } : step === 'ready' ? { value: 1 } : {};
  return (
    <div class="upload-progress">
      {step !== 'ready' && <progress aria-label={m.images.progress(name)} {...known} />}
      <span class={step === 'ready' ? 'chip' : 'muted minor number'}>{text}</span>
    </div>
  );
}

function Description({ upload }: { upload: Upload }) {
  const label = m.images.descriptionOf(upload.file.name);
  return (
    <Field label={m.images.description} error={upload.altError.value}>
      {(control) => (
        <input {...control} aria-label={label} maxLength={500} placeholder={m.images.descriptionHint} value={upload.alt.value}
          onInput={(event) => { upload.alt.value = event.currentTarget.value; }} onChange={() => { void describe(upload); }} />
      )}
    </Field>
  );
}

function Actions({ upload }: { upload: Upload }) {
  const step = upload.step.value;
  const { name } = upload.file;
  const image = upload.image.value;
  const leave = (event: Event): void => {
    if (event.currentTarget instanceof Element) leaveItem(event.currentTarget);
    cancel(upload);
  };
  if (step === 'ready') {
    return image && (
      <>
        {image.shortUrl && <CopyButton class="small" text={image.shortUrl} what={m.images.linkTo(name)} />}
        <a class="button small" href={`/app/images/${image.id}`} aria-label={m.images.openOf(name)}>{m.images.open}</a>
      </>
    );
  }
  return (
    <>
      {step === 'failed' && <button type="button" class="small" aria-label={m.images.retryOf(name)} onClick={() => retry(upload)}>{m.images.retry}</button>}
      {step === 'failed' || step === 'refused'
        ? <button type="button" class="small plain" aria-label={m.images.removeOf(name)} onClick={leave}>{m.images.remove}</button>
        : <button type="button" class="small plain" aria-label={m.images.cancelOf(name)} onClick={leave}>{m.parts.cancel}</button>}
    </>
  );
}
