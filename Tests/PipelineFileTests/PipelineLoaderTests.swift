import PipelineFile
import Testing
