package main

// images are mutations of the image pipeline and of who owns its results.
func images() []mutation {
	return []mutation{
		{"shared/image/limits.go", `size > l.Bytes`, `size > l.Bytes*2`, "a file of more than 25 MB is refused", ""},
		{"shared/image/limits.go", `side > l.Side`, `side > l.Side*2`, "a side has at most 20,000 pixels", ""},
		{"shared/image/limits.go", `info.Type == JPEG && !info.Progressive`, `info.Type == JPEG`, "a progressive JPEG has the smaller limit", ""},
		{"shared/image/limits.go", `scans > l.Scans`, `scans > l.Scans+1`, "a JPEG has at most 64 scans", ""},
		{"shared/image/limits.go", `memory > l.Memory`, `memory > l.Memory*2`, "an image that needs too much memory is refused", ""},
		{"shared/image/recipe.go", `if w <= width {`, `if w <= width*2 {`, "nothing is scaled up", ""},
		{"shared/image/recipe.go", `if r.Focus != (Focus{}) {`, `if r.Focus == (Focus{100, 100}) {`, "another focus has other names", ""},
		{"shared/image/recipe.go", `"%s %v %v %d %d", r.Codec,`, `"%.1s %v %v %d %d", r.Codec,`, "another codec has other names", ""},
		{"shared/image/owned.go", `err == nil && !owns(i.Owner)`, `err == nil && i.Owner == ""`, "an image of another owner does not exist for the caller", ""},
		{"functions/image-resize/handler.go", `if img.Final() {`, `if img.Final() && false {`, "the first final record stays", ""},
		{"functions/image-resize/handler.go", `if err := declared.Verify(data); err != nil {`, `if err := declared.Verify(data); err != nil && false {`, "a file is what was declared", ""},
		{"functions/image-resize/content.go", `return deadline.Add(time.Second)`, `return deadline.Add(-time.Second)`, "a claim outlives its environment", ""},
		{"functions/image-resize/content.go", `deadline.Add(-margin)`, `deadline`, "time is left to give a claim back", ""},
		{"functions/image-sweep/clear.go", `return deadline.Add(margin + time.Second)`, `return deadline.Add(-margin)`, "a sweep's claim outlives its environment", ""},
		{"functions/image-sweep/clear.go", `context.WithDeadline(ctx, deadline.Add(-margin))`, `context.WithDeadline(ctx, deadline)`, "a sweep ends its work before its time", ""},
		{"functions/image-sweep/handler.go", `img.Due().After(h.now())`, `img.Due().After(h.now().Add(time.Hour * 1e5))`, "an image that changed since it was listed is left alone", ""},
		{"functions/image-sweep/clear.go", `if err := h.results.Delete(ctx, key); err != nil {`, `if err := h.results.Delete(ctx, key); err != nil && false {`, "a content's record stays as long as one of its files", ""},
		{"functions/image-sweep/all.go", `case err != nil && ctx.Err() != nil:`, `case err != nil:`, "a sweep reports what failed", ""},
		{"functions/image-backfill/handler.go", `case <-pace:`, `case <-time.After(0):`, "a back-fill keeps its pace", ""},
		{"shared/image/view.go", `i.Status != Failed || i.Refusal.Passing()`, `i.Status != Failed`, "an image that may still become ready keeps its link", ""},
		{"shared/table/imagelinks.go", `image = :id AND attribute_exists(pending)`, `image = :id`, "a link that leads to an image is not released", ""},
		{"shared/image/render/decode.go", `widen(img)`, `_ = widen`, "a lossy WebP is in video range", ""},
	}
}
