package table

import (
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"

	"github.com/minim-dev/minim/shared/link"
)

// linkOptionsItem is the part of a link's item that holds its options.
type linkOptionsItem struct {
	NotBefore    string        `dynamodbav:"notBefore,omitempty"`
	ExpiredURL   string        `dynamodbav:"expiredUrl,omitempty"`
	MaxClicks    int64         `dynamodbav:"maxClicks,omitempty"`
	Password     link.Password `dynamodbav:"password,omitempty"` // a hash
	ForwardQuery bool          `dynamodbav:"forwardQuery,omitempty"`
	UTM          *link.UTM     `dynamodbav:"utm,omitempty"`
	Rules        []link.Rule   `dynamodbav:"rules,omitempty"`
}

func encodeOptions(o link.Options) linkOptionsItem {
	item := linkOptionsItem{
		ExpiredURL: o.ExpiredURL, MaxClicks: o.MaxClicks, Password: o.Password,
		ForwardQuery: o.ForwardQuery, Rules: o.Rules,
	}
	if !o.NotBefore.IsZero() {
		item.NotBefore = stamp(o.NotBefore)
	}
	if o.UTM != (link.UTM{}) {
		item.UTM = &o.UTM
	}
	return item
}

func (i linkOptionsItem) options() (link.Options, error) {
	notBefore, err := parseStamp(i.NotBefore)
	if err != nil {
		return link.Options{}, err
	}
	o := link.Options{
		NotBefore: notBefore, ExpiredURL: i.ExpiredURL, MaxClicks: i.MaxClicks, Password: i.Password,
		ForwardQuery: i.ForwardQuery, Rules: i.Rules,
	}
	if i.UTM != nil {
		o.UTM = *i.UTM
	}
	return o, nil
}

// encodeTags and decodeTags use the JSON names of UTM parameters and rules, which the
// API has given them.
func encodeTags(o *attributevalue.EncoderOptions) { o.TagKey = "json" }

func decodeTags(o *attributevalue.DecoderOptions) { o.TagKey = "json" }
