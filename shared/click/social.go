package click

import "strings"

// social are the programs that make a preview card of a link, for social networks and
// messengers. In lower case, separated by bars.
const social = "facebookexternalhit|facebot|twitterbot|linkedinbot|slackbot-linkexpanding|slack-imgproxy|discordbot|telegrambot|whatsapp/|" +
	"signal-desktop|skypeuripreview|microsoftpreview|pinterestbot|pinterest/0|redditbot|mastodon/|pleroma|misskey/|bluesky cardyb|" +
	"vkshare|viber|line-poker|kakaotalk-scrap|snap url preview|tumblr/|embedly|iframely|zoombot|mattermost-bot|rocket.chat|google-pagerenderer|google-messages"

// Social reports whether a User-Agent is that of a program that makes preview cards. It is
// false for people who open a link inside such a network's app.
func Social(agent string) bool {
	agent = strings.ToLower(agent[:min(len(agent), maxAgent)])
	for sign := range strings.SplitSeq(social, "|") {
		if strings.Contains(agent, sign) {
			return botOf(agent) != ""
		}
	}
	return false
}
