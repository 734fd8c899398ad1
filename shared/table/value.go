package table

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func textValue(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func numberValue(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func textList(texts []string) types.AttributeValue {
	list := make([]types.AttributeValue, len(texts))
	for i, text := range texts {
		list[i] = textValue(text)
	}
	return &types.AttributeValueMemberL{Value: list}
}

// textOf reads a text attribute, "" when it is absent.
func textOf(value types.AttributeValue) string {
	if text, ok := value.(*types.AttributeValueMemberS); ok {
		return text.Value
	}
	return ""
}

// bytesOf reads a binary attribute, nil when it is absent.
func bytesOf(value types.AttributeValue) []byte {
	if binary, ok := value.(*types.AttributeValueMemberB); ok {
		return binary.Value
	}
	return nil
}
