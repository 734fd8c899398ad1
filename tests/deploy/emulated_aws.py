"""An emulated AWS for osls deploy: moto's server, with two things about it changed.

It takes any remark of cfn-lint for a refusal, where CloudFormation would deploy: only
errors count here. And of the resource types of a stack it makes those that it knows and
leaves out the others, so that a reference to one of those fails; here they get a stand-in,
which has a name and an attribute of any name, is told when it is made, changed and deleted,
and does nothing. Which types those are is told on the way.

    python tests/deploy/emulated_aws.py PORT
"""

import sys

from moto.cloudformation import models, parsing
from moto.core.common_models import CloudFormationModel
from moto.server import main


def stand_in(resource_type):
    """A class for resources of a type that moto does not know."""
    print(f"stand-in: {resource_type}", flush=True)

    class StandIn(CloudFormationModel):
        __module__ = "moto.cloudformation.stand_ins"  # moto keeps instances by the second word

        def __init__(self, name):
            self.physical_resource_id = name

        @staticmethod
        def cloudformation_name_type():
            return ""

        @staticmethod
        def cloudformation_type():
            return resource_type

        @classmethod
        def has_cfn_attr(cls, attr):
            return True

        def get_cfn_attribute(self, attribute_name):
            return f"{self.physical_resource_id}.{attribute_name}".lower()

        @classmethod
        def create_from_cloudformation_json(cls, resource_name, *_, **__):
            return cls(resource_name)

        @classmethod
        def update_from_cloudformation_json(cls, original_resource, *_, **__):
            return original_resource

        @classmethod
        def delete_from_cloudformation_json(cls, *_, **__):
            pass

    return StandIn


def class_of(resource_type, known=parsing.resource_class_from_type, stand_ins={}):
    """The class of moto, or a stand-in."""
    if resource_type in parsing.get_model_map() or resource_type in parsing.NULL_MODELS:
        return known(resource_type)
    if resource_type not in stand_ins:
        stand_ins[resource_type] = stand_in(resource_type)
    return stand_ins[resource_type]


def errors(template, lint=models.validate_template_cfn_lint):
    """What cfn-lint finds, without warnings and information."""
    return [match for match in lint(template) if match.rule.id.startswith("E")]


parsing.resource_class_from_type = class_of
models.validate_template_cfn_lint = errors
main(["-H", "127.0.0.1", "-p", sys.argv[1]])
