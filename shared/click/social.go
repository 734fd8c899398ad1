package click

import "strings"

// social are the programs that make a card of a link, for the pages of a social
// network or the messages of a messenger. In lower case, separated by bars.
const social = "facebookexternalhit|facebot|twitterbot|linkedinbot|slackbot-linkexpanding|slack-imgproxy|discordbot|telegrambot|whatsapp/|" +
	"signal-desktop|skypeuripreview|microsoftpreview|pinterestbot|pinterest/0|redditbot|mastodon/|pleroma|misskey/|bluesky cardyb|" +
	"vkshare|viber|line-poker|kakaotalk-scrap|snap url preview|tumblr/|embedly|iframely|zoombot|mattermost-bot|rocket.chat|google-pagerenderer|google-messages"

// Social reports whether a User-Agent is that of a program that makes a card of a link.
// People who open a link inside an app of such a network aren't meant.
func Social(agent string) bool {
	agent = strings.ToLower(agent[:min(len(agent), maxAgent)])
	for sign := range strings.SplitSeq(social, "|") {
		if strings.Contains(agent, sign) {
			return botOf(agent) != ""
		}
	}
	return false
}
