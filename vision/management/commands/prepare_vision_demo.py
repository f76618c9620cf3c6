"""Asks for the demonstration's images and benchmark."""

from argparse import Namespace

from pretadepenser.core.management.job_command import JobCommand
from pretadepenser.core.models import Job
from vision.services.demo import request_demo


class Command(JobCommand):
    help = "Draws the demonstration's images, imports them and queues their benchmark, in the background."

    def request(self, options: Namespace) -> Job:
        return request_demo(by=None)
