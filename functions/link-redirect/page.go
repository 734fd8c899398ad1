package main

import (
	"html"

	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/web"
)

const head = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>`

const style = `</title>
<style>
body { font: 1.125rem/1.6 system-ui, sans-serif; max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.75rem; line-height: 1.2 }
a { color: LinkText; overflow-wrap: anywhere }
</style>
</head>
<body>
<main>
`

const foot = `
</main>
</body>
</html>
`

// redirect answers with a Location, and with a page for programs that do not
// follow it.
func redirect(status int, location, cacheControl string) web.Response {
	target := html.EscapeString(location)
	return secure(web.HTML(status, head+"Redirect"+style+`<p>Please follow <a href="`+target+`">`+target+"</a></p>"+foot)).
		With("Location", link.Location(location)).
		With("Cache-Control", cacheControl)
}

// page tells a person, or a program that prefers JSON, why there is no redirect.
func page(r web.Request, status int, title, text string) web.Response {
	if r.Prefers("text/html", "application/problem+json", "application/json") != "text/html" {
		return secure(web.ProblemResponse(r, status, text))
	}
	title, text = html.EscapeString(title), html.EscapeString(text)
	return secure(web.HTML(status, head+title+style+"<h1>"+title+"</h1>\n<p>"+text+"</p>\n<p><a href=\"/\">Make a short link</a></p>"+foot)).
		With("Cache-Control", "no-store")
}

func secure(response web.Response) web.Response {
	return response.
		With("X-Robots-Tag", "noindex, nofollow").
		With("Referrer-Policy", "strict-origin-when-cross-origin").
		With("X-Content-Type-Options", "nosniff").
		With("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
}
