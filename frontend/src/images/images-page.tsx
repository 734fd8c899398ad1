import { Page } from '../parts/page';
import { may } from '../session/session';
import { t } from '../text';
import { Gallery } from './gallery';
import { UploadQueue } from './upload-queue';
import './images.css';

/** The images, and the current uploads. */
export function ImagesPage() {
  return (
    <Page title={t.images.title}>
      <div class="stack">
        {may('images:write') && <UploadQueue />}
        {may('images:read') && <Gallery />}
      </div>
    </Page>
  );
}
