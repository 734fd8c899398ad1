package main

import (
	_ "embed"
	"html"
	"strings"

	"github.com/minim-dev/minim/shared/web"
)

//go:embed page.html
var pageHTML string

// texts are those of the pages in one language.
type texts struct{ title, failed, busy string }

func all() map[string]texts {
	return map[string]texts{
		"en": {
			title:  "You are not signed in",
			failed: "The sign-in was cancelled, took too long, or began in another browser. Please go back to the start page and try again.",
			busy:   "Signing in is not possible right now. Please try again in a few seconds.",
		},
		"de": {
			title:  "Sie sind nicht angemeldet",
			failed: "Die Anmeldung wurde abgebrochen, hat zu lange gedauert oder in einem anderen Browser begonnen. Bitte gehen Sie zur Startseite, und versuchen Sie es noch einmal.",
			busy:   "Die Anmeldung ist gerade nicht möglich. Bitte versuchen Sie es in ein paar Sekunden noch einmal.",
		},
		"es": {
			title:  "No ha iniciado sesión",
			failed: "El inicio de sesión se canceló, tardó demasiado o comenzó en otro navegador. Vuelva a la página de inicio e inténtelo de nuevo.",
			busy:   "Ahora mismo no es posible iniciar sesión. Vuelva a intentarlo en unos segundos.",
		},
		"fr": {
			title:  "Vous n’êtes pas connecté",
			failed: "La connexion a été annulée, a pris trop de temps ou a commencé dans un autre navigateur. Veuillez revenir à la page d’accueil et réessayer.",
			busy:   "La connexion est impossible pour le moment. Veuillez réessayer dans quelques secondes.",
		},
		"uk": {
			title:  "Ви не ввійшли",
			failed: "Вхід скасовано, він тривав задовго або почався в іншому браузері. Поверніться на головну сторінку та спробуйте ще раз.",
			busy:   "Зараз увійти неможливо. Спробуйте ще раз за кілька секунд.",
		},
	}
}

// page says that nobody is signed in, in the first of the visitor's languages that there is.
func (h *handler) page(r web.Request, status int) web.Response {
	known, language := all(), "en"
	for _, tag := range r.Languages() {
		if primary, _, _ := strings.Cut(tag, "-"); known[primary].title != "" {
			language = primary
			break
		}
	}
	text := known[language].failed
	if status >= 500 {
		text = known[language].busy
	}
	fill := strings.NewReplacer("{{language}}", language, "{{title}}", known[language].title, "{{text}}", text, "{{host}}", html.EscapeString(h.host))
	return web.HTML(status, fill.Replace(pageHTML)).With("Content-Language", language)
}
