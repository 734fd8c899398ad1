"""An emulated AWS that a stack can be deployed to: moto's server, and more types of resources.

moto's CloudFormation ignores unknown types, so that references to them fail. The ones below
are created in moto's own services, by the calls that CloudFormation would make. Any other
gets a stand-in, which has a name and any attribute and does nothing; these are printed. moto
also treats warnings of cfn-lint as errors, so it does not run here (tests/template runs it).

    python tests/deploy/emulated_aws.py PORT

It exits when its standard input is closed, and so with the process that started it.
"""

import json
import os
import re
import sys
import threading

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from moto.awslambda import urls as lambda_urls
from moto.awslambda.models import LambdaFunction
from moto.cloudformation import models, parsing
from moto.cloudformation.responses import CloudFormationResponse
from moto.core.responses import ActionResult
from moto.core.common_models import CloudFormationModel
from moto.dynamodb.models import Table, dynamodb_backends
from moto.s3.models import s3_backends
from moto.server import main
from moto.sqs.responses import SQSResponse

PORT = sys.argv[1]
READ_ONCE = "emulated-read-once"


def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()

# The service, its calls that make and delete a resource, and by what Ref calls it.
CALLS = {
    "AWS::ApiGatewayV2::Api": ("apigatewayv2", "create_api", "delete_api", "ApiId"),
    "AWS::ApiGatewayV2::Authorizer": ("apigatewayv2", "create_authorizer", "delete_authorizer", "AuthorizerId"),
    "AWS::ApiGatewayV2::Integration": ("apigatewayv2", "create_integration", "delete_integration", "IntegrationId"),
    "AWS::ApiGatewayV2::Route": ("apigatewayv2", "create_route", "delete_route", "RouteId"),
    "AWS::ApiGatewayV2::Stage": ("apigatewayv2", "create_stage", "delete_stage", "StageName"),
    "AWS::Budgets::Budget": ("budgets", "create_budget", "delete_budget", "BudgetName"),
    "AWS::CloudFront::Distribution": ("cloudfront", "create_distribution", "delete_distribution", "Id"),
    "AWS::CloudFront::OriginAccessControl": ("cloudfront", "create_origin_access_control", "delete_origin_access_control", "Id"),
    "AWS::CloudWatch::Alarm": ("cloudwatch", "put_metric_alarm", "delete_alarms", "AlarmName"),
    "AWS::Lambda::Alias": ("lambda", "create_alias", "delete_alias", "AliasArn"),
    "AWS::Lambda::EventInvokeConfig": ("lambda", "put_function_event_invoke_config", "delete_function_event_invoke_config", "FunctionName"),
    "AWS::Lambda::Version": ("lambda", "publish_version", None, "FunctionArn"),
    "AWS::Logs::Delivery": ("logs", "create_delivery", "delete_delivery", "id"),
    "AWS::Logs::DeliveryDestination": ("logs", "put_delivery_destination", "delete_delivery_destination", "name"),
    "AWS::Logs::DeliverySource": ("logs", "put_delivery_source", "delete_delivery_source", "name"),
    "AWS::SQS::QueuePolicy": ("sqs", "set_queue_attributes", None, "QueueUrl"),
    "AWS::SNS::TopicPolicy": ("sns", "set_topic_attributes", None, "TopicArn"),
    "AWS::Scheduler::Schedule": ("scheduler", "create_schedule", "delete_schedule", "Name"),
    "AWS::SecretsManager::Secret": ("secretsmanager", "create_secret", "delete_secret", "ARN"),
}

# Properties that have another name in the call.
RENAMED = {"origincustomheaders": "customheaders", "ipv6enabled": "isipv6enabled"}


def client(service, region, made={}):
    if (service, region) not in made:
        made[service, region] = boto3.client(
            service, region, endpoint_url=f"http://127.0.0.1:{PORT}", aws_access_key_id="test", aws_secret_access_key="test",
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}))
    return made[service, region]


def fit(value, shape, resolve):
    """The properties that a call takes, as it takes them: CloudFormation says [a, b] where CloudFront says {Quantity, Items}."""
    if shape.type_name == "structure":
        if isinstance(value, list):
            value = {"Quantity": len(value), "Items": value}
        members = {name.lower(): name for name in shape.members}
        named = {members.get(RENAMED.get(key.lower(), key.lower())): item for key, item in value.items()}
        return {name: fit(item, shape.members[name], resolve) for name, item in named.items() if name}
    if shape.type_name == "list":
        return [fit(item, shape.member, resolve) for item in value]
    return resolve(value) if isinstance(value, str) else value


def find(answer, name):
    """The member of an answer with the name, the outermost first."""
    level = [answer]
    while level:
        for fields in level:
            for key, value in fields.items():
                if key.lower() == name.lower():
                    return value
        level = [value for fields in level for value in fields.values() if isinstance(value, dict)]
    return None


class Resource(CloudFormationModel):
    """A resource of a type that moto's CloudFormation does not know."""

    __module__ = "moto.cloudformation.more"  # moto keeps instances by the second word

    def __init__(self, name, properties, account, region):
        service, create, _, key = CALLS.get(self.resource_type, (None, None, None, "Name"))
        self.account, self.region, self.properties, self.answer, self.id, self.read = account, region, properties, {}, name, {}
        if service:
            self.answer = self.call(create, {"Name": name, "AlarmName": name, **made_up(properties, region)}, properties)
            self.id = find(self.answer, key) or find(properties, key) or name

    def call(self, operation, known, properties):
        """Makes a call of the service with what it takes of what is known, and of the properties."""
        service = client(CALLS[self.resource_type][0], self.region)
        shape = service.meta.service_model.operation_model(service.meta.method_to_api_mapping[operation]).input_shape
        known |= {"AccountId": self.account, "CallerReference": self.id,
                  "DeliveryDestinationConfiguration": {"DestinationResourceArn": properties.get("DestinationResourceArn")}}
        if "DistributionConfig" in properties:
            config = {"CallerReference": self.id, **properties["DistributionConfig"]}
            config["Origins"] = [{**origin, "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, **origin["CustomOriginConfig"]}}
                                 if "CustomOriginConfig" in origin else origin for origin in config["Origins"]]
            properties = {"DistributionConfig": config}
        policy = properties.get("PolicyDocument")
        if policy:
            known |= {"Policy": json.dumps(policy), "AttributeName": "Policy", "AttributeValue": json.dumps(policy),
                      "Attributes": {"Policy": json.dumps(policy)}}
            known |= {key: properties[of][0] for key, of in {"QueueUrl": "Queues", "TopicArn": "Topics"}.items() if of in properties}
        return getattr(service, operation)(**fit({**known, **properties}, shape, self.resolve))

    def resolve(self, text):
        """The text with the secrets that it refers to. While there is a secret READ_ONCE, those that were read are not read again."""
        secrets = client("secretsmanager", self.region)

        def value(match):
            once = any(secret["Name"] == READ_ONCE for secret in secrets.list_secrets()["SecretList"])
            if not once or match[0] not in self.read:
                self.read[match[0]] = json.loads(secrets.get_secret_value(SecretId=match[1])["SecretString"])[match[2]]
            return self.read[match[0]]
        return re.sub(r"\{\{resolve:secretsmanager:(.+):SecretString:(\w+)\}\}", value, text)

    def known(self):
        """By what calls on this resource find it."""
        key = CALLS[self.resource_type][3]
        return {key: self.id, "SecretId": self.id, "AlarmNames": [self.id], "IfMatch": find(self.answer, "ETag"), "ForceDeleteWithoutRecovery": True}

    @property
    def physical_resource_id(self):
        return self.id

    def get_cfn_attribute(self, attribute_name):
        return find(self.answer, attribute_name) or f"{self.id}.{attribute_name}".lower()

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    @classmethod
    def cloudformation_name_type(cls):
        return ""

    @classmethod
    def cloudformation_type(cls):
        return getattr(cls, "resource_type", "more")

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        return cls(resource_name, cloudformation_json["Properties"], account_id, region_name)

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        if cls.resource_type in CALLS:
            operation = CALLS[cls.resource_type][1].replace("create_", "update_")
            answer = original_resource.call(operation, original_resource.known(), cloudformation_json["Properties"])
            original_resource.answer |= answer
        original_resource.properties = cloudformation_json["Properties"]
        return original_resource

    def delete(self, account_id, region):
        operation = CALLS.get(self.resource_type, (None, None, None))[2]
        try:
            if operation:
                self.call(operation, self.known(), self.properties)
        except ClientError as refused:
            if "NotFound" not in refused.response["Error"]["Code"]:  # gone with what it was a part of
                raise


def made_up(properties, region):
    """The value that a new secret makes up for itself."""
    if "GenerateSecretString" not in properties:
        return {}
    wanted = dict(properties["GenerateSecretString"])
    template, key = wanted.pop("SecretStringTemplate", None), wanted.pop("GenerateStringKey", None)
    value = client("secretsmanager", region).get_random_password(**wanted)["RandomPassword"]
    return {"SecretString": json.dumps({**json.loads(template), key: value}) if template else value}


def class_of(resource_type, known=parsing.resource_class_from_type, more={}):
    """moto's class of a type, or one of ours."""
    if resource_type not in CALLS and resource_type in parsing.get_model_map() or resource_type in parsing.NULL_MODELS:
        return known(resource_type)
    if resource_type not in more:
        if resource_type not in CALLS:
            print(f"stand-in: {resource_type}", flush=True)
        more[resource_type] = type("Resource", (Resource,), {"resource_type": resource_type})
    return more[resource_type]


def take_over(stack, resources):
    """Makes what exists a part of a new stack."""
    existing = {
        "AWS::DynamoDB::Table": lambda properties: dynamodb_backends[stack.account_id][stack.region_name].tables[properties["TableName"]],
        "AWS::S3::Bucket": lambda properties: s3_backends[stack.account_id]["aws"].buckets[properties["BucketName"]],
    }
    for name, resource in resources.items():
        found = existing[resource["Type"]](resource["Properties"])
        found.cf_resource_type, found.logical_resource_id = resource["Type"], name
        stack.resource_map._parsed_resources[name] = found
    stack.resource_map._resource_json_map = resources


def apply(change_set, resources=models.ChangeSet.apply):
    """Executes a change set; moto loses the stack's outputs and exports, and knows one word of two for what stays."""
    for resource in change_set.template_dict["Resources"].values():
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate":
            resource["DeletionPolicy"] = "Retain"
    stack = change_set.stack
    if change_set.change_set_type == "IMPORT":
        take_over(stack, change_set.template_dict["Resources"])
    else:
        resources(change_set)
    stack.template, stack.template_dict = change_set.template, change_set.template_dict
    stack.output_map = stack._create_output_map()
    models.cloudformation_backends[stack.account_id][stack.region_name].exports |= {export.name: export for export in stack.exports}


def update_table(original_resource, cloudformation_json, region_name, **_):
    """Changes the one setting of a table that our deployments change; moto loses a table whose template is another one."""
    protected = cloudformation_json["Properties"]["DeletionProtectionEnabled"]
    client("dynamodb", region_name).update_table(TableName=original_resource.name, DeletionProtectionEnabled=protected)
    return original_resource


def run(function, event):
    """Logs an event and answers with it: functions do not run here."""
    function.save_logs(json.dumps(event))
    return json.dumps(event), False, ""


def call_action(response, action=SQSResponse.call_action):
    """Refuses what moto cannot do as SQS refuses what it does not know."""
    try:
        return action(response)
    except NotImplementedError as missing:
        return 400, {}, json.dumps({"__type": "InvalidAction", "message": str(missing)})


def protect(response):
    """Switches the termination protection of a stack, which moto keeps and cannot change."""
    stack = response.cloudformation_backend.get_stack(response._get_param("StackName"))
    stack.enable_termination_protection = str(response._get_param("EnableTerminationProtection")).lower() == "true"
    return ActionResult({"StackId": stack.stack_id})


def answers(result):
    """An operation that always answers the same."""
    return lambda response: ActionResult(result)


def account_settings(request, url, headers):
    """The account's quota of concurrent executions, none of which is reserved."""
    return 200, {}, json.dumps({"AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}})


lambda_urls.url_paths[r"{0}/(?P<api_version>[^/]+)/account-settings/?$"] = account_settings
# Nothing drifts here.
CloudFormationResponse.detect_stack_drift = answers({"StackDriftDetectionId": "drift"})
CloudFormationResponse.describe_stack_drift_detection_status = answers(
    {"StackId": "stack", "StackDriftDetectionId": "drift", "DetectionStatus": "DETECTION_COMPLETE", "StackDriftStatus": "IN_SYNC"})
CloudFormationResponse.describe_stack_resource_drifts = answers({"StackResourceDrifts": []})
CloudFormationResponse.update_termination_protection = protect
SQSResponse.call_action = call_action
LambdaFunction._invoke_lambda = run
Table.update_from_cloudformation_json = staticmethod(update_table)
models.ChangeSet.apply = apply
parsing.resource_class_from_type = class_of
models.validate_template_cfn_lint = lambda template: []
main(["-H", "127.0.0.1", "-p", PORT])
