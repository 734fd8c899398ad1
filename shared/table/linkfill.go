package table

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/minim-dev/minim/shared/link"
)

// LinkFiller writes the entries of links that are older than the index, or lost theirs.
type LinkFiller struct {
	db    *dynamodb.Client
	links string
	index linkIndex
}

// NewLinkFiller returns a filler of the index of the named tables.
func NewLinkFiller(db *dynamodb.Client, links, index string) *LinkFiller {
	return &LinkFiller{db: db, links: links, index: linkIndex{db, index}}
}

// Fill writes the entries of up to limit links, from behind the code after ("" is the
// start), and returns how many links these were and the code to continue behind, "" at the
// end. It may run beside all other writes, and again: a link that changes meanwhile
// may keep an entry too many, which does no harm.
func (f *LinkFiller) Fill(ctx context.Context, after string, limit int) (filled int, next string, err error) {
	input := &dynamodb.ScanInput{TableName: &f.links, Limit: aws.Int32(int32(limit)), ConsistentRead: aws.Bool(true)}
	if after != "" {
		input.ExclusiveStartKey = linkKey(after)
	}
	out, err := f.db.Scan(ctx, input)
	if err != nil {
		return 0, "", fmt.Errorf("scan links: %w", err)
	}
	for _, item := range out.Items {
		if textOf(item[aliasAttribute]) != "" {
			continue
		}
		var l link.Link
		if l, err = decodeLink(item); err != nil {
			return filled, "", err
		}
		if err := f.index.add(ctx, l, l.Terms()); err != nil {
			return filled, "", err
		}
		filled++
	}
	return filled, textOf(out.LastEvaluatedKey["code"]), nil
}
