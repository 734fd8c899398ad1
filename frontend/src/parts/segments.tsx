/** A choice of one of a few values, shown side by side. */
export function Segments<T extends string>({ label, options, value, onChange }: { label: string; options: Record<T, string>; value: T; onChange: (value: T) => void }) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {(Object.keys(options) as T[]).map((one) => (
        <button key={one} type="button" class="small" aria-pressed={one === value} onClick={() => onChange(one)}>{options[one]}</button>
      ))}
    </div>
  );
}
